import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';

/** Seconds. */
const CONNECT_TIMEOUT = 15;

/** How a database is attached. */
export interface Attaching {
  /** As what the server's list of activities shows the connections. Default `acequia`. */
  readonly application?: string;
  /** Settings of every connection; they go before those of the URL, the user and the database. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Words of DuckDB's `ATTACH`. */
  readonly words?: readonly string[];
}

/** Attaches a Postgres database under a name. */
export async function attachPostgres(
  session: Session,
  name: string,
  url: string,
  { words = [], ...attaching }: Attaching = {},
): Promise<void> {
  const secret = await createPostgresSecret(session, url, { ...attaching, secret: `acequia_${name}` });
  const how = ['TYPE postgres', `SECRET ${identifier(secret.name)}`, ...words];
  await session.run(`ATTACH ${literal(secret.options)} AS ${identifier(name)} (${how.join(', ')})`);
}

/**
 * Puts what leads to a database into a secret of this session, as DuckDB's messages quote what is attached. What the URL
 * lacks, such as the password, is taken from where libpq looks: `PGPASSWORD`, `~/.pgpass`. Returns the secret's name, and
 * what is to be attached.
 *
 * @param secret its name, one for each database of a session
 */
export async function createPostgresSecret(
  session: Session,
  url: string,
  { secret: name = 'acequia_destination', ...attaching }: Omit<Attaching, 'words'> & { readonly secret?: string } = {},
): Promise<{ name: string; options: string }> {
  const { secret, options } = connectionParts(url, attaching);
  const parts = Object.entries(secret).map(([key, value]) => `${key} ${literal(value)}`);
  await session.run(`CREATE OR REPLACE SECRET ${identifier(name)} (${['TYPE postgres', ...parts].join(', ')})`);
  return { name, options };
}

/** Parameters of a URL that say who and where, as libpq calls them, and as a secret does. */
const IN_SECRET: Readonly<Record<string, string>> = {
  host: 'HOST',
  port: 'PORT',
  user: 'USER',
  password: 'PASSWORD',
  dbname: 'DATABASE',
  passfile: 'PASSFILE',
};

/**
 * Takes a URL apart: who and where, and all else as libpq writes it. Pure.
 *
 * @throws TypeError, URIError for what is no URL; their messages quote nothing of it
 */
export function connectionParts(
  url: string,
  { application = 'acequia', settings = {} }: Omit<Attaching, 'words'> = {},
): { secret: Record<string, string>; options: string } {
  const parsed = new URL(url);
  const parameters = [...parsed.searchParams].filter(([key]) => key !== 'schema');
  const whole = {
    HOST: decodeURIComponent(parsed.hostname.replace(/^\[|\]$/g, '')),
    PORT: parsed.port,
    USER: decodeURIComponent(parsed.username),
    PASSWORD: decodeURIComponent(parsed.password),
    DATABASE: decodeURIComponent(parsed.pathname.slice(1)),
    ...Object.fromEntries(parameters.flatMap(([key, value]) => (IN_SECRET[key] ? [[IN_SECRET[key], value]] : []))),
  };
  const secret = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== ''));
  const set = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const given = Object.fromEntries(parameters.filter(([key]) => !(key in IN_SECRET)));
  const options = {
    application_name: application,
    connect_timeout: String(CONNECT_TIMEOUT),
    // A connection that is cut is noticed, on both sides.
    keepalives_idle: '15',
    keepalives_interval: '5',
    keepalives_count: '3',
    ...given,
    ...(set.length > 0 ? { options: [given['options'] ?? '', ...set].join(' ').trim() } : {}),
  };
  const text = Object.entries(options).map(([key, value]) => `${key}='${value.replaceAll(/['\\]/g, '\\$&')}'`);
  return { secret, options: text.join(' ') };
}
