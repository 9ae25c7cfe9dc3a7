import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';

const SECRET = 'acequia_destination';

/** Seconds. */
const CONNECT_TIMEOUT = 15;

/** Attaches a Postgres database under a name. */
export async function attachPostgres(session: Session, name: string, url: string): Promise<void> {
  const secret = await createPostgresSecret(session, url);
  await session.run(`ATTACH ${literal(secret.options)} AS ${identifier(name)} (TYPE postgres, SECRET ${secret.name})`);
}

/**
 * Puts what leads to a database into a secret of this session, as DuckDB's messages quote what is attached. What the URL
 * lacks, such as the password, is taken from where libpq looks: `PGPASSWORD`, `~/.pgpass`. Returns the secret's name, and
 * what is to be attached.
 */
export async function createPostgresSecret(session: Session, url: string): Promise<{ name: string; options: string }> {
  const { secret, options } = connectionParts(url);
  const parts = Object.entries(secret).map(([key, value]) => `${key} ${literal(value)}`);
  await session.run(`CREATE OR REPLACE SECRET ${SECRET} (${['TYPE postgres', ...parts].join(', ')})`);
  return { name: SECRET, options };
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
export function connectionParts(url: string): { secret: Record<string, string>; options: string } {
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
  const options = {
    application_name: 'acequia',
    connect_timeout: String(CONNECT_TIMEOUT),
    // A connection that is cut is noticed, on both sides.
    keepalives_idle: '15',
    keepalives_interval: '5',
    keepalives_count: '3',
    ...Object.fromEntries(parameters.filter(([key]) => !(key in IN_SECRET))),
  };
  const text = Object.entries(options).map(([key, value]) => `${key}='${value.replaceAll(/['\\]/g, '\\$&')}'`);
  return { secret, options: text.join(' ') };
}
