import { build } from 'esbuild';
import { execa } from 'execa';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../../../infra/setup/inventory.mjs';
import type { Publication, PublicationResult } from './publication.ts';

/** How a publication in a process of its own has ended. */
export interface Ended {
  readonly killed: boolean;
  /** Of one that was not killed. */
  readonly result?: PublicationResult;
}

const TRUST_EXTENSIONS = new URL('../../support/trust-extensions.mjs', import.meta.url).href;

let program: Promise<string> | undefined;

/** Compiled once for this process, to where the packages are found. */
function compiled(): Promise<string> {
  program ??= (async () => {
    const outfile = join(projectRoot(), 'dist', 'test', `publication-${process.pid}.js`);
    process.once('exit', () => rmSync(outfile, { force: true }));
    await build({
      entryPoints: [join(import.meta.dirname, 'publication.ts')],
      outfile,
      bundle: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
    });
    return outfile;
  })();
  return program;
}

let count = 0;

/** @param prefix what the program is started by, such as a shell that limits it */
export async function runPublication(
  folder: string,
  publication: Omit<Publication, 'result'>,
  prefix: readonly string[] = [],
): Promise<Ended> {
  count += 1;
  const [asked, result] = [join(folder, `asked-${count}.json`), join(folder, `result-${count}.json`)];
  writeFileSync(asked, JSON.stringify({ ...publication, result }));
  const command = [...prefix, process.execPath, '--import', TRUST_EXTENSIONS, await compiled(), asked];
  const { exitCode, signal, stderr } = await execa(command[0] ?? '', command.slice(1), {
    reject: false,
    stdin: 'ignore',
  });
  if (signal === 'SIGKILL') return { killed: true };
  if (exitCode !== 0) throw new Error(`the publication ended with ${exitCode ?? signal}: ${stderr}`);
  return { killed: false, result: JSON.parse(readFileSync(result, 'utf8')) as PublicationResult };
}

/** A publication that waits at one of its events. */
export interface Held {
  /** Lets it go on, and waits for its end. */
  goOn(): Promise<PublicationResult>;
}

/** Starts a publication, and comes back when it waits at an event. */
export async function holdPublication(
  folder: string,
  publication: Omit<Publication, 'result' | 'hold'>,
  at: string,
): Promise<Held> {
  const file = join(folder, `hold-${(count += 1)}`);
  const state = { isOver: false };
  const ended = runPublication(folder, { ...publication, hold: { at, file } }).finally(
    () => void (state.isOver = true),
  );
  while (!existsSync(`${file}.held`)) {
    if (state.isOver) throw new Error(`the publication never came to "${at}": ${JSON.stringify(await ended)}`);
    await pause(5);
  }
  return {
    goOn: async () => {
      writeFileSync(`${file}.go`, '');
      const { result } = await ended;
      return result ?? { failures: [{ type: 'Killed', message: 'it was killed' }] };
    },
  };
}
