import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { builtFile } from '../setup/inventory.mjs';

const longLog = 1_000_000;

/** A keeper started by this process. */
export interface StartedKeeper {
  /** Whether its process is gone: also when it found another keeper at work. */
  ended(): boolean;
  /** Throws when it ended because it could not work at all. */
  throwIfBroken(): void;
}

export interface KeeperStart {
  /** For messages: `Temporal server`. */
  readonly name: string;
  /** Its program, by its source: `infra/temporal/keeper.ts`. */
  readonly program: string;
  /** Its one argument, as JSON. */
  readonly request: unknown;
  readonly folder: string;
  /** Full path of the log of keeper and server. */
  readonly log: string;
}

/**
 * Starts a keeper, detached: a Ctrl-C in this terminal does not reach it, and it outlives this process where another one
 * uses the server too.
 */
export function startKeeper({ name, program, request, folder, log }: KeeperStart): StartedKeeper {
  if (existsSync(log) && statSync(log).size > longLog) truncateSync(log);
  const output = openSync(log, 'a', 0o600);
  // NODE_OPTIONS of this process (a debugger's port, a loader) are not for it.
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const child = spawn(process.execPath, [builtFile(program), JSON.stringify(request)], {
    cwd: folder,
    detached: true,
    env,
    stdio: ['ignore', 'ignore', output],
    windowsHide: true,
  });
  closeSync(output);
  child.unref();
  let ending: string | undefined;
  child.once('error', (error) => (ending = error.message));
  child.once('exit', (code, signal) => (ending = signal ?? `exit ${code}`));
  return {
    ended: () => ending !== undefined,
    throwIfBroken: () => {
      if (ending === undefined || ending === 'exit 0') return;
      const said = readFileSync(log, 'utf8').trim().split('\n').slice(-3).join('\n');
      throw new Error(`the keeper of the embedded ${name} ended by itself (${ending}):\n${said}\nIts log is ${log}.`);
    },
  };
}
