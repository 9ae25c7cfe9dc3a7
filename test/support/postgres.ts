import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadExtension } from '../../activities/duckdb/extensions.ts';
import { literal } from '../../activities/duckdb/identifiers.ts';
import { withSession, type Session } from '../../activities/duckdb/session.ts';
import { attachPostgres } from '../../activities/postgres/connection.ts';
import { postgresPrograms } from '../../infra/postgres/programs.ts';
import { unprivilegedUser } from '../../infra/postgres/unprivileged-user.ts';
import './trust-extensions.mjs';

/** A real Postgres of this process's own. */
export interface PostgresServer {
  readonly port: number;
  /** The URL of the database from which others are made and dropped. */
  readonly administration: () => string;
  /** Makes an empty database. Returns its URL. */
  database(name?: string): Promise<string>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** @param limits `fileKilobytes`: no file of the server may become larger, as on a disk that is full; `settings`: of the server */
  start(limits?: {
    readonly fileKilobytes?: number;
    readonly settings?: Readonly<Record<string, string>>;
  }): Promise<void>;
}

const PASSWORD = 'acequia';

/** Starts a server with an empty cluster in a folder of its own; `stop` ends it, and its folder goes with this process. */
export async function startPostgres(): Promise<PostgresServer> {
  const { bin } = postgresPrograms();
  // Above it every folder can be passed by anybody: Postgres does not run as root.
  const folder = mkdtempSync(join(tmpdir(), 'acequia-postgres-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const user = unprivilegedUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const password = join(folder, 'password');
  const run = (program: string, args: readonly string[]): void => {
    execFileSync(join(bin, program), args, { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  execFileSync('sh', ['-c', `printf %s ${PASSWORD} > ${password}`]);
  run('initdb', [
    `--pgdata=${data}`,
    '--username=postgres',
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  let server: ChildProcess | undefined;
  const start: PostgresServer['start'] = async ({ fileKilobytes, settings = {} } = {}) => {
    const flags = [
      'fsync=off',
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'max_connections=50',
      'log_min_messages=fatal',
      ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ];
    const command = [join(bin, 'postgres'), '-D', data, '-p', String(port), ...flags.flatMap((flag) => ['-c', flag])];
    const limit = fileKilobytes === undefined ? [] : ['bash', '-c', `ulimit -f ${fileKilobytes}; exec "$@"`, 'bash'];
    const [program = '', ...args] = [...limit, ...command];
    server = spawn(program, args, { ...user, cwd: folder, stdio: 'ignore' });
    const started = server;
    process.once('exit', () => started.kill('SIGKILL'));
    await untilAnswering(urlOf(port, 'postgres'));
  };
  await start();
  return {
    port,
    administration: () => urlOf(port, 'postgres'),
    start,
    stop: async (signal = 'SIGINT') => {
      const running = server;
      if (!running || running.exitCode !== null) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill(signal);
      await ended;
      server = undefined;
    },
    database: async (name = `db_${randomBytes(6).toString('hex')}`) => {
      await tellPostgres(urlOf(port, 'postgres'), `CREATE DATABASE "${name}" TEMPLATE template0`);
      return urlOf(port, name);
    },
  };
}

function urlOf(port: number, database: string): string {
  return `postgresql://postgres:${PASSWORD}@127.0.0.1:${port}/${database}`;
}

/** Asks a database, as any reader would: a query in Postgres's own SQL. */
export function askPostgres<Row = Record<string, string | null>>(url: string, query: string): Promise<Row[]> {
  return withPostgres(url, (session) => session.rows<Row>(`SELECT * FROM postgres_query('server', ${literal(query)})`));
}

/** Runs statements in Postgres's own SQL. */
export function tellPostgres(url: string, ...statements: readonly string[]): Promise<void> {
  return withPostgres(url, async (session) => {
    for (const statement of statements)
      await session.run(`CALL postgres_execute('server', ${literal(statement)}, use_transaction = false)`);
  });
}

/** Gives `use` a DuckDB session to which a database is attached as `server`. */
export function withPostgres<Result>(url: string, use: (session: Session) => Promise<Result>): Promise<Result> {
  return withSession(undefined, async (session) => {
    await loadExtension(session, 'postgres_scanner');
    await attachPostgres(session, 'server', url);
    return use(session);
  });
}

async function untilAnswering(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await withPostgres(url, () => Promise.resolve());
      return;
    } catch (error) {
      if (tries > 200) throw error;
      await pause(50);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
