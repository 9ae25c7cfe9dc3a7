import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll } from 'vitest';
import { projectRoot } from '../../../infra/setup/inventory.mjs';

const programs = new Map<string, Promise<string>>();
const compiled: string[] = [];
afterAll(() => compiled.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A program beside this file, compiled for a process of its own. Its full path; it goes with this process. */
export function compiledProgram(source: string): Promise<string> {
  const program = programs.get(source) ?? compile(source);
  programs.set(source, program);
  return program;
}

async function compile(source: string): Promise<string> {
  // Inside the project, whose root the compiled code looks for above itself.
  const folder = mkdtempSync(join(projectRoot(), 'node_modules', '.holder-'));
  compiled.push(folder);
  const outfile = join(folder, 'holder.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL(source, import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  return outfile;
}
