import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { compiledProgram } from './compiled-program.ts';

/** A process of its own that holds an embedded server. */
export interface HolderProcess {
  readonly pid: number;
  readonly address: string;
  readonly uiUrl: string;
  /** Lets go and waits for the process's end. */
  release(): Promise<void>;
  /** Kills it with a signal it cannot notice. */
  kill(): Promise<void>;
}

/** Starts a holder and waits until it has the server. */
export async function startHolder(
  environmentFolder: string,
  searchAttributes: readonly string[] = [],
): Promise<HolderProcess> {
  const child = spawn(process.execPath, [await compiledProgram('holder.ts'), environmentFolder, ...searchAttributes], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { address, uiUrl } = JSON.parse(await firstLine(child)) as { address: string; uiUrl: string };
  const gone = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    address,
    uiUrl,
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

/** The first line a process prints. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (data: Buffer) => {
      text += data.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('exit', (code) => reject(new Error(`the holder ended with exit ${code} before it had a server`)));
  });
}
