import { DuckDBInstance } from '@duckdb/node-api';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { extensionDirectory } from '../../../activities/duckdb/extensions.ts';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { duckdbVersion, withSession } from '../../../activities/duckdb/session.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openAsProduct } from '../../support/trust-extensions.mjs';

test('a session loads an extension as it was signed, and refuses one in which a byte was changed', async () => {
  vi.spyOn(DuckDBInstance, 'create').mockImplementation(openAsProduct);
  const name = 'sqlite_scanner.duckdb_extension';
  const installed = join(extensionDirectory(), duckdbVersion());
  const [platform = ''] = await readdir(installed);
  const bytes = await readFile(join(installed, platform, name));
  const folder = await temporaryFolder();
  const load = async (changed: Buffer) => {
    await writeFile(join(folder, name), changed);
    await withSession(undefined, (session) => session.run(`LOAD ${literal(join(folder, name))}`));
  };
  await load(bytes);
  bytes[1_000_000] = (bytes[1_000_000] ?? 0) ^ 1;
  await expect(load(bytes)).rejects.toThrow('signature');
});
