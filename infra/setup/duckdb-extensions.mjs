import { join } from 'node:path';
import { cacheFolder, isFile } from './cache-folder.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { packageFolder, packageVersion } from './project.mjs';
import { say } from './say.mjs';

/** The extensions DuckDB gets here beyond those built into it, and what for. The one list of them. */
export const requiredExtensions = [
  { name: 'sqlite_scanner', why: 'which reads and writes SQLite files' },
  { name: 'postgres_scanner', why: 'which writes to Postgres' },
  { name: 'ducklake', why: 'which writes lakes with a catalogue' },
];

/** The engine's version, `1.5.5`, from the installed Node package `1.5.5-r.5`. Extensions must match it exactly. */
export function duckdbVersion() {
  return packageVersion('@duckdb/node-api')?.split('-')[0];
}

/** The platform as DuckDB names it, `linux_amd64`: that of the binary npm installed, which also knows about musl. */
export function duckdbPlatform() {
  const system = { darwin: 'osx', win32: 'windows' }[process.platform] ?? process.platform;
  const processor = { x64: 'amd64' }[process.arch] ?? process.arch;
  const musl = packageFolder(`@duckdb/node-bindings-${process.platform}-${process.arch}-musl`);
  const glibc = packageFolder(`@duckdb/node-bindings-${process.platform}-${process.arch}`);
  return `${system}_${processor}${musl && !glibc ? '_musl' : ''}`;
}

/** The folder to give DuckDB as `extension_directory`; it finds version and platform below it by itself. */
export function duckdbExtensionDirectory() {
  return join(cacheFolder(), 'duckdb');
}

/** The file of one extension for this engine and platform, whether or not it is there. */
export function extensionFile(name) {
  return join(duckdbExtensionDirectory(), `v${duckdbVersion()}`, duckdbPlatform(), `${name}.duckdb_extension`);
}

/** Gets the extensions that are not there yet. */
export async function ensureDuckdbExtensions() {
  for (const extension of requiredExtensions) await ensureExtension(extension);
}

async function ensureExtension({ name, why }) {
  const place = extensionFile(name);
  if (isFile(place)) return;
  await oneAtATime(join(cacheFolder(), 'locks', `duckdb-${name}`), () => install({ name, why, place }), {
    waiting: (pid) => say(`waiting for another set-up (process ${pid}) that is getting the DuckDB extension ${name}`),
  });
}

async function install({ name, why, place }) {
  if (isFile(place)) return;
  // Loaded only when something is missing: every start of every command passes here.
  const [{ tryWays }, { duckdbInstallWay }, { duckdbWheelWay }] = await Promise.all([
    import('./try-ways.mjs'),
    import('./ways/duckdb-install.mjs'),
    import('./ways/duckdb-wheel.mjs'),
  ]);
  const request = { name, place, version: duckdbVersion(), platform: duckdbPlatform() };
  await tryWays({
    what: `the DuckDB extension ${name}`,
    why,
    sought: [`the cache: no ${place}`],
    ways: [duckdbInstallWay(request), duckdbWheelWay(request)],
  });
}
