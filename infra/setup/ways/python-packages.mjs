import { join } from 'node:path';
import { installAt } from '../cache-folder.mjs';
import { runProgram } from '../run-program.mjs';
import { pythonProgram } from './python-wheel.mjs';

const limitMs = 10 * 60_000;

/**
 * Packages of PyPI with all they need, in a folder of their own. Name it in PYTHONPATH; unlike a virtual environment it
 * can be moved, and needs nothing but pip.
 * @param {{ requirements: string[], expected: string, place: string }} request `requirements`: `name==version`
 */
export function pythonPackagesWay({ requirements, expected, place }) {
  const wanted = requirements.join(' ');
  return {
    name: `the Python package ${wanted} from PyPI`,
    command: `python3 -m pip install --target ${place} '${wanted}'`,
    expected,
    cannot: () => (pythonProgram() ? undefined : '`python3` is not on PATH'),
    go: () =>
      installAt(place, async (folder) => {
        const packages = join(folder, 'packages');
        const pip = ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', '--target', packages, ...requirements];
        await runProgram(pythonProgram(), pip, { timeLimitMs: limitMs });
        return packages;
      }),
  };
}
