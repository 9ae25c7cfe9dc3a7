import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, installAt, isFile } from './cache-folder.mjs';
import { duckdbPlatform, duckdbVersion } from './duckdb-extensions.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { say } from './say.mjs';
import { tryWays } from './try-ways.mjs';
import { pythonPackagesWay } from './ways/python-packages.mjs';
import { pythonProgram, unpackWheel } from './ways/python-wheel.mjs';

const version = '1.4.0';

/**
 * An emulator of BigQuery, for tests: a module of Python, `bqemulator`, and the folder of packages that it needs.
 * @returns {{ path: string, packages: string, home: string, from: 'cache' } | undefined} `path`: the Python that runs it;
 *   `home`: the folder in which it finds its extension of DuckDB
 */
export function bigQueryEmulator() {
  const python = pythonProgram();
  return python && isFile(join(packages(), 'bqemulator', '__main__.py')) && isFile(extension())
    ? { path: python, packages: packages(), home: home(), from: 'cache' }
    : undefined;
}

/** Gets the emulator where there is none yet. */
export async function ensureBigQueryEmulator() {
  if (bigQueryEmulator()) return;
  await oneAtATime(join(cacheFolder(), 'locks', 'bigquery-emulator'), install, {
    waiting: (pid) => say(`waiting for another set-up (process ${pid}) that is getting the emulator of BigQuery`),
  });
}

async function install() {
  const search = {
    what: 'an emulator of BigQuery',
    why: 'on which tests load and query tables',
    sought: [`the cache: nothing in ${place()}`],
  };
  const requirements = [`bqemulator==${version}`, `duckdb==${duckdbVersion()}`, 'numpy'];
  const way = pythonPackagesWay({ requirements, expected: 'about 150 MB, a minute', place: packages() });
  if (!isFile(join(packages(), 'bqemulator', '__main__.py'))) await tryWays({ ...search, ways: [way] });
  if (!isFile(extension())) await tryWays({ ...search, ways: [extensionWay()] });
}

/** The emulator does not start without it, and would otherwise download it from outside the package registries. */
function extensionWay() {
  const requirement = `duckdb-extension-spatial==${duckdbVersion()}`;
  return {
    name: `its extension of DuckDB, the Python package ${requirement} from PyPI`,
    command: `python3 -m pip download --no-deps ${requirement}, unzip it, and put spatial.duckdb_extension at ${extension()}`,
    expected: 'about 30 MB, some seconds',
    cannot: () => (pythonProgram() ? undefined : '`python3` is not on PATH'),
    go: () =>
      installAt(extension(), async (folder) => {
        await unpackWheel(requirement, folder);
        const found = readdirSync(folder, { recursive: true }).find((file) =>
          String(file).endsWith('spatial.duckdb_extension'),
        );
        if (!found) throw new Error(`${requirement} holds no extension`);
        return join(folder, String(found));
      }),
  };
}

const place = () => join(cacheFolder(), 'bigquery-emulator', version);
const packages = () => join(place(), 'packages');
const home = () => join(place(), 'home');
const extension = () =>
  join(
    home(),
    '.duckdb',
    'extensions',
    `v${duckdbVersion()}`,
    duckdbPlatform().replace('_musl', ''),
    'spatial.duckdb_extension',
  );
