import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { compiledProgram } from './compiled-program.ts';
import { firstLine } from './holder-process.ts';

/** A process of its own that uses an embedded database. */
export interface DatabaseUser {
  readonly pid: number;
  /** Resolves when it has the database; rejects when it ended before. */
  readonly url: Promise<string>;
  /** Lets go and waits for the process's end. */
  release(): Promise<void>;
  /** Kills it with a signal it cannot notice. */
  kill(): Promise<void>;
}

export async function startDatabaseUser(
  ...args: [folder: string, name: string, sqlFile: string]
): Promise<DatabaseUser> {
  const child = spawn(process.execPath, [await compiledProgram('database-user.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const url = firstLine(child);
  url.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    url,
    release: async () => {
      child.stdin.write('release\n');
      await gone;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
