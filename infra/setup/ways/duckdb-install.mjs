import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installAt } from '../cache-folder.mjs';
import { packageFolder } from '../project.mjs';
import { runProgram } from '../run-program.mjs';

const limitMs = 20_000;

/**
 * DuckDB's own INSTALL, which downloads from DuckDB's extension repository and not from a package registry.
 * @param {{ name: string, place: string, version: string, platform: string }} request
 */
export function duckdbInstallWay({ name, place, version, platform }) {
  return {
    name: `DuckDB's own INSTALL from its extension repository, outside the package registries`,
    command: `let this machine reach DuckDB's extension repository, from which \`INSTALL ${name}\` fetches it`,
    expected: `about 10 MB; gives up after ${limitMs / 1000} s`,
    cannot: () => undefined,
    go: () =>
      installAt(place, async (folder) => {
        await inDuckdb(folder, [`INSTALL ${name}`, `LOAD ${name}`]);
        return join(folder, `v${version}`, platform, `${name}.duckdb_extension`);
      }),
  };
}

/** Proves that an extension below a folder is one this very DuckDB accepts. */
export async function proveExtension(folder, name) {
  await inDuckdb(folder, [`LOAD ${name}`]);
}

/** In a process of its own: a native library that fails can take the whole process with it. */
async function inDuckdb(folder, statements) {
  const entry = pathToFileURL(join(packageFolder('@duckdb/node-api'), 'lib', 'index.js')).href;
  const options = { extension_directory: folder, autoinstall_known_extensions: 'false' };
  const script = `
    const { DuckDBInstance } = (await import(${JSON.stringify(entry)})).default
    try {
      const instance = await DuckDBInstance.create(':memory:', ${JSON.stringify(options)})
      const connection = await instance.connect()
      for (const statement of ${JSON.stringify(statements)}) await connection.run(statement)
    } catch (error) {
      // The cause stands at the end of a download's message, in brackets; elsewhere in its first line.
      console.error(/\\(ERROR ([^)]+)\\)\\s*$/.exec(error.message)?.[1] ?? error.message.split('\\n')[0])
      process.exit(1)
    }
    process.exit(0)`;
  await runProgram(process.execPath, ['--input-type=module', '--eval', script], { timeLimitMs: limitMs });
}
