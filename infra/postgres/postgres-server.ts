import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '../keeper/orphan.ts';
import { logFile } from './cluster-record.ts';
import { explainEnding } from './explain-ending.ts';
import { unprivilegedUser } from './unprivileged-user.ts';

/** After a crash it first carries out what its log holds. */
const startLimitMs = 30_000;
const pollMs = 10;
const politeMs = 4_000;
const immediateMs = 2_000;

export interface PostgresServerOptions {
  readonly bin: string;
  readonly data: string;
  readonly port: number;
  /** The environment's folder for Postgres: its log goes there. */
  readonly folder: string;
}

/** One process of `postgres`. */
export interface PostgresServer {
  readonly pid: number;
  /** Resolves when the process is gone, whoever ended it; how, in words. */
  readonly ended: Promise<string>;
  /** Resolves when it takes connections; rejects with a `ServerFailure` when it ends before. */
  ready(): Promise<void>;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

/** Settings that differ from Postgres' own. Writes are flushed to the disk as everywhere. */
const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'shared_buffers=16MB',
  'max_connections=50',
  'min_wal_size=32MB',
  'max_wal_size=256MB',
  // A user that is gone does not keep the server at work for nobody.
  ...(process.platform === 'linux' ? ['client_connection_check_interval=1000'] : []),
  // Values of rows stand in statements, and do not go into logs.
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
  'log_timezone=UTC',
];

/** Starts Postgres on its data. Without waiting: its process id is to be written down first. */
export function startPostgresServer(options: PostgresServerOptions): PostgresServer {
  const { bin, data, port, folder } = options;
  const program = join(bin, 'postgres');
  removeStalePid(data);
  const log = openSync(logFile(folder), 'a', 0o600);
  const logStart = fstatSync(log).size;
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const child = spawn(program, args, {
    ...unprivilegedUser(),
    cwd: data,
    env: serverEnvironment(),
    stdio: ['ignore', 'ignore', log],
    windowsHide: true,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  const explain = (how: string) => {
    const said = readFileSync(logFile(folder)).subarray(logStart).toString('utf8').slice(-4000);
    return explainEnding({ how, said: said || how, data, folder, program });
  };
  return {
    pid: child.pid ?? 0,
    ended,
    ready: () => untilReady(child, data, ended, explain),
    stop: () => stop(child, ended),
  };
}

/** Settings for a client of some other server must not reach this one; and its messages are to be in English. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

/** Postgres takes the process named there for a living server if there is any of that number, such as after a restart of the machine. */
function removeStalePid(data: string): void {
  const pid = statusOf(data)?.pid;
  const line = pid === undefined ? undefined : commandLine(pid);
  if (pid !== undefined && process.platform !== 'win32' && !isServerOn(data, line ?? ''))
    rmSync(pidFile(data), { force: true });
}

/** Whether a command line is that of a Postgres on this data. */
export function isServerOn(data: string, line: string): boolean {
  return line.includes('postgres') && line.includes(`-D ${data} `);
}

const pidFile = (data: string) => join(data, 'postmaster.pid');

/** What the server itself says of its state, in its first and eighth line: its process id, and whether it is `ready`. */
function statusOf(data: string): { readonly pid: number; readonly ready: boolean } | undefined {
  try {
    const lines = readFileSync(pidFile(data), 'utf8').split('\n');
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

async function untilReady(
  child: ChildProcess,
  data: string,
  ended: Promise<string>,
  explain: (how: string) => Error,
): Promise<void> {
  const state: { ended?: string } = {};
  void ended.then((how) => (state.ended = how));
  for (const deadline = Date.now() + startLimitMs; Date.now() < deadline;) {
    if (state.ended !== undefined) throw explain(state.ended);
    const status = statusOf(data);
    if (status?.ready && status.pid === child.pid) return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw explain(`not ready within ${startLimitMs / 1000} s`);
}

/** Connections are cut and what was committed is written; where that takes long, the next start does it. */
async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGINT');
  const atOnce = setTimeout(() => child.kill('SIGQUIT'), politeMs);
  const force = setTimeout(() => child.kill('SIGKILL'), politeMs + immediateMs);
  await ended;
  clearTimeout(atOnce);
  clearTimeout(force);
}
