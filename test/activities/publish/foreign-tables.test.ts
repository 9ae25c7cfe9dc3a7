import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { askDuckdb, askSqlite, changeDuckdb, changeSqlite } from '../../support/staged.ts';
import { DESTINATIONS, place, table } from './destinations.ts';
import { counts } from './shop.ts';

describe.each([
  { destination: DESTINATIONS[0]!, change: changeSqlite, ask: askSqlite },
  { destination: DESTINATIONS[1]!, change: changeDuckdb, ask: askDuckdb },
])('a table of somebody else in $destination.name', ({ destination, change, ask }) => {
  const theirs = async () => {
    const made = await place(destination);
    await mkdir(join(made.folder, 'out'), { recursive: true });
    await change(made.path, 'CREATE TABLE sales (ID BIGINT, note VARCHAR)');
    await change(made.path, "INSERT INTO sales VALUES (1, 'theirs')");
    return made;
  };

  test('is appended to and merged into, by whatever letters its columns have', async () => {
    const { path, load } = await theirs();
    await load(table('append'), "SELECT 2::BIGINT AS id, 'ours' AS note");
    const merged = await load(
      table('merge', { key: ['id'] }),
      "SELECT 1::BIGINT AS id, 'both' AS note UNION ALL SELECT 3, NULL",
    );
    expect(counts(merged)).toEqual([['sales', 2, 1, 1, 0, 0]]);
    expect(await ask(path, 'SELECT * FROM sales ORDER BY 1')).toEqual([
      { ID: '1', note: 'both' },
      { ID: '2', note: 'ours' },
      { ID: '3', note: null },
    ]);
  });

  test('is not replaced, not even once we added to it', async () => {
    const { path, load } = await theirs();
    await load(table('append'), "SELECT 2::BIGINT AS id, 'ours' AS note");
    await expect(load(table('replace'), 'SELECT 3::BIGINT AS id')).rejects.toMatchObject({
      type: 'DestinationNotOurs',
    });
    expect(await ask(path, 'SELECT count(*) AS n FROM sales')).toEqual([{ n: '2' }]);
  });

  test('gains no column', async () => {
    const { path, load } = await theirs();
    await expect(load(table('append'), 'SELECT 2::BIGINT AS id, 1 AS more')).rejects.toMatchObject({
      type: 'DestinationMismatch',
      message: expect.stringContaining('more: the table has no such column') as string,
    });
    expect(await ask(path, 'SELECT ID FROM sales')).toEqual([{ ID: '1' }]);
  });

  test('whose key stands in several rows is not merged into', async () => {
    const { path, load } = await theirs();
    await change(path, "INSERT INTO sales VALUES (1, 'again')");
    await expect(load(table('merge', { key: ['id'] }), "SELECT 1::BIGINT AS id, 'x' AS note")).rejects.toThrow(
      /1 key of the load stands in several rows of the table \(ID\)/,
    );
  });

  test('whose constraints the rows break stays as it was, and no value is told', async () => {
    const { path, load } = await place(destination);
    await mkdir(join(path, '..'), { recursive: true });
    await change(path, 'CREATE TABLE sales (id BIGINT, secret VARCHAR, PRIMARY KEY (id))');
    await change(path, "INSERT INTO sales VALUES (4711, 'mine')");
    const failure = await load(table('append'), "SELECT 4711::BIGINT AS id, 'hush' AS secret").catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ type: 'DestinationMismatch' });
    expect(String(failure)).not.toMatch(/4711|hush/);
    expect(await ask(path, 'SELECT * FROM sales')).toEqual([{ id: '4711', secret: 'mine' }]);
  });

  test('that is a view is not added to', async () => {
    const { path, load } = await place(destination);
    await mkdir(join(path, '..'), { recursive: true });
    await change(path, 'CREATE VIEW sales AS SELECT 1 AS id');
    await expect(load(table('append'), 'SELECT 1 AS id')).rejects.toMatchObject({ type: 'DestinationNotOurs' });
  });
});

/** Databases of one table `sales (id, note)` with the row `10, theirs`, as DuckDB cannot make them. */
const SQLITE_OWN = [
  [
    'whose key is its row id',
    'eNoLDvTJLElVSMsvyk0sUTBmYGJgZGRwUFBgYGBgBmImBgQAsVmQ+IwMhAEzg14yIy9IMeNmBiAaBZQDb0Y2cXFxxvKSxKSc1OJEIAYTTM5Bro4hrgohjk4+rgpgIY3MFAVPvxBXd9cghYAgT1/HoEgFb9dIHYW8fGCch7hGhGhC4uYrAxCNgpECOLmYGSRLMlIzi4oBACAjPw==',
  ],
  [
    'without row ids',
    'eNoLDvTJLElVSMsvyk0sUTBmYGJgZGRwUFBgYGBgBmImBgQAsVmQ+IwMhAEzg14yIy9IMeNyBiAaBeSBcEZ2cXFxxkbeksSknNTiRCAGE0zOQa6OIa4KIY5OPq4KYCGNzBSFENeIEIWAIE9fx6BIBW/XSB2FvHxgLIOENRXCPUM8/ENDFIL8wz1duMBx84UBiEbBCAHczIKShgYlGamZRcUAaCYm4A==',
  ],
] as const;

test.each(SQLITE_OWN)('a SQLite table %s is appended to, and the rows are seen again', async (_, packed) => {
  const { path, load, read } = await place(DESTINATIONS[0]!);
  await mkdir(join(path, '..'));
  await writeFile(path, inflateSync(Buffer.from(packed, 'base64')));
  const id = packed === SQLITE_OWN[0][1] ? '5::BIGINT' : "'5'";
  expect(counts(await load(table('append'), `SELECT ${id} AS id, 'ours' AS note`))).toEqual([['sales', 1, 1, 0, 0, 0]]);
  expect(await read()).toEqual(
    expect.arrayContaining([
      { id: '10', note: 'theirs' },
      { id: '5', note: 'ours' },
    ]),
  );
});

test('a SQLite table with a column "rowid" is refused: DuckDB would read only some of its rows', async () => {
  const { path, load } = await place(DESTINATIONS[0]!);
  await mkdir(join(path, '..'));
  await changeSqlite(path, 'CREATE TABLE sales (id BIGINT, rowid VARCHAR)');
  await changeSqlite(path, "INSERT INTO sales VALUES (1, 'x')");
  for (const mode of ['append', 'merge', 'replace'] as const)
    await expect(load(table(mode, { key: ['id'] }), 'SELECT 1::BIGINT AS id')).rejects.toMatchObject({
      type: 'DestinationNotOurs',
      what: expect.stringContaining('a table with a column rowid') as string,
    });
});
