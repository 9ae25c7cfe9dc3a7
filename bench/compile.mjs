import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Compiles a program of this folder to where the packages are found; returns its path. */
export async function compiled(program) {
  const outfile = join(ROOT, 'dist', 'bench', `${basename(program, '.ts')}.js`);
  await build({
    entryPoints: [join(ROOT, 'bench', program)],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
  return outfile;
}
