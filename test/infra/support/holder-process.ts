import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll } from 'vitest';
import { projectRoot } from '../../../infra/setup/inventory.mjs';

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
  const child = spawn(process.execPath, [await holderProgram(), environmentFolder, ...searchAttributes], {
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

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (data: Buffer) => {
      text += data.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('exit', (code) => reject(new Error(`the holder ended with exit ${code} before it had a server`)));
  });
}

let program: Promise<string> | undefined;
const compiled: string[] = [];
afterAll(() => compiled.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function holderProgram(): Promise<string> {
  program ??= compile();
  return program;
}

async function compile(): Promise<string> {
  // Inside the project, whose root the compiled code looks for above itself.
  const folder = mkdtempSync(join(projectRoot(), 'node_modules', '.holder-'));
  compiled.push(folder);
  const outfile = join(folder, 'holder.mjs');
  const source = fileURLToPath(new URL('holder.ts', import.meta.url));
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  return outfile;
}
