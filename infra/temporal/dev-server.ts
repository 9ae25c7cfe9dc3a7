import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { answers } from './probe.ts';
import { ServerFailure } from '../keeper/server-failure.ts';
import { explainEnding } from './explain-ending.ts';
import type { Ports } from './server-record.ts';

const startLimitMs = 30_000;
const pollMs = 10;
/** Its ports close at once; what it then waits for is only that others finish their calls, and there are none. */
const politeMs = 150;

export interface DevServerOptions {
  readonly temporal: string;
  readonly ports: Ports;
  readonly dbFile: string;
  readonly logFile: string;
  readonly searchAttributes: readonly string[];
}

/** One process of `temporal server start-dev`. */
export interface DevServer {
  readonly pid: number;
  /** Resolves when the process is gone, whoever ended it; how, in words. */
  readonly ended: Promise<string>;
  /** Resolves when it answers; rejects with a `ServerFailure` when it ends before. */
  ready(): Promise<void>;
  /** Registers search attributes on a server that is ready. Those it has already stay. */
  addSearchAttributes(names: readonly string[]): Promise<void>;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

/** Starts a dev server on its database file. Without waiting: its process id is to be written down first. */
export function startDevServer(options: DevServerOptions): DevServer {
  const { temporal, logFile } = options;
  const log = openSync(logFile, 'a', 0o600);
  const logStart = fstatSync(log).size;
  const child = spawn(temporal, serverArguments(options), {
    stdio: ['ignore', 'ignore', log],
    env: ownEnvironment(),
    windowsHide: true,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  const explain = (how: string) =>
    explainEnding({ ...options, how, said: readFileSync(logFile).subarray(logStart).toString('utf8').slice(-4000) });
  return {
    pid: child.pid ?? 0,
    ended,
    ready: () => untilReady(options.ports.grpc, ended, explain),
    addSearchAttributes: (names) => addSearchAttributes(temporal, options.ports.grpc, names),
    stop: () => stop(child, ended),
  };
}

function serverArguments({ ports, dbFile, searchAttributes }: DevServerOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(ports.grpc), '--ui-port', String(ports.ui)],
    ...['--db-filename', dbFile, '--log-level', 'error'],
    // Otherwise each small transaction waits for the disk: 22 activities a second instead of 80 (measured). A killed
    // process loses nothing either way; a power cut may lose the last moments, which Temporal then runs again.
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    ...searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ];
}

/** Settings for a client of some other server must not reach this one. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

async function untilReady(
  port: number,
  ended: Promise<string>,
  explain: (how: string) => ServerFailure,
): Promise<void> {
  const state: { ended?: string } = {};
  void ended.then((how) => (state.ended = how));
  // Loaded while the server starts, when there is time.
  const { serves } = await import('./grpc-health.ts');
  const deadline = Date.now() + startLimitMs;
  while (Date.now() < deadline) {
    if (state.ended !== undefined) throw explain(state.ended);
    if ((await answers(`127.0.0.1:${port}`, 1000)) && (await serves(port, 1000))) return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw explain(`no answer within ${startLimitMs / 1000} s`);
}

function addSearchAttributes(temporal: string, port: number, names: readonly string[]): Promise<void> {
  const each = names.flatMap((name) => ['--name', name, '--type', 'Keyword']);
  const args = ['operator', 'search-attribute', 'create', '--address', `127.0.0.1:${port}`, ...each];
  return new Promise((resolve, reject) => {
    execFile(temporal, args, { env: ownEnvironment(), timeout: 10_000 }, (error, _output, said) => {
      if (error)
        reject(
          new ServerFailure(
            `the embedded Temporal server did not take the search attributes ${names.join(', ')}: ${said.trim() || error.message}`,
          ),
        );
      else resolve();
    });
  });
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), politeMs);
  await ended;
  clearTimeout(force);
}
