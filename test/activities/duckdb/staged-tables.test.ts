import { pathToFileURL } from 'node:url';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withSession } from '../../../activities/duckdb/session.ts';
import { stagedRows } from '../../../activities/duckdb/staged-tables.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('several files are one table by the names of their columns, and the name of a folder is no column', async () => {
  const folder = join(await temporaryFolder(), 'year=2024', 'a [1]');
  await mkdir(folder, { recursive: true });
  const rows = await withSession(undefined, async (session) => {
    const uris = [];
    for (const [name, query] of Object.entries({
      'one[0]': "SELECT 1 AS a, 'x' AS b",
      two: "SELECT 2 AS a, 'y' AS c",
    })) {
      const path = join(folder, `${name}.parquet`);
      await session.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
      uris.push(pathToFileURL(path).href);
    }
    const lake = openLake(pathToFileURL(folder).href);
    return session.rows(`SELECT * FROM ${await stagedRows(lake, { uris })} ORDER BY a`);
  });
  expect(rows).toEqual([
    { a: 1, b: 'x', c: null },
    { a: 2, b: null, c: 'y' },
  ]);
});
