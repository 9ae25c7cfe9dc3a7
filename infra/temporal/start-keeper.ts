import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { builtFile } from '../setup/inventory.mjs';
import type { KeeperRequest } from './keeper-protocol.ts';
import { logFile } from './server-record.ts';

const longLog = 1_000_000;

/** A keeper started by this process. */
export interface StartedKeeper {
  /** Whether its process is gone: also when it found another keeper at work. */
  ended(): boolean;
  /** Throws when it ended because it could not work at all. */
  throwIfBroken(): void;
}

/**
 * Starts the keeper of an environment, detached: a Ctrl-C in this terminal does not reach it, and it outlives this process
 * where another one uses the server too.
 */
export function startKeeper(request: KeeperRequest): StartedKeeper {
  const program = builtFile('infra/temporal/keeper.ts');
  const log = logFile(request.environmentFolder);
  if (existsSync(log) && statSync(log).size > longLog) truncateSync(log);
  const output = openSync(log, 'a', 0o600);
  // NODE_OPTIONS of this process (a debugger's port, a loader) are not for it.
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const child = spawn(process.execPath, [program, JSON.stringify(request)], {
    cwd: request.environmentFolder,
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
      throw new Error(
        `the keeper of the embedded Temporal server ended by itself (${ending}):\n${said}\nIts log is ${log}.`,
      );
    },
  };
}
