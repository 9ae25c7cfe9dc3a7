import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { loadExtension } from '../../../activities/duckdb/extensions.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { changeSqlite } from '../../support/staged.ts';
import { changeByHand } from './change-by-hand.ts';
import { place, schemaAt, SERVED, table, type Destination } from './destinations.ts';
import { changed, failureOf } from './postgres-schema.ts';

const LAKES = SERVED.slice(1);
const [LAKE] = LAKES;
const merge = table('merge', { key: ['id'] });
const rows = (from: number, to: number, note = 'as it was') =>
  `SELECT i::BIGINT AS id, '${note}' AS note FROM range(${from}, ${to}) t(i)`;

/** A lake with one published table of `count` rows, and what its reader finds. */
async function published(destination: Destination, count = 3) {
  const made = await place(destination);
  await made.load(table('replace', { key: ['id'] }), rows(0, count));
  const ids = async () => (await made.read()).map(({ id }) => Number(id)).sort((a, b) => a - b);
  return { ...made, ids };
}

describe.each(LAKES)('$name', (destination) => {
  test.each(['merge', 'delete-missing', 'scd2'] as const)('a key that somebody has put in twice is told (%s); once it is mended, the load goes in', async (mode) => {
    const { path, load } = await place(destination);
    const plan = table(mode, { key: ['id'], vanishAtMost: 1 });
    await load(plan, rows(0, 3));
    await changeByHand(destination, path, 'INSERT INTO sales SELECT * FROM sales WHERE id = 1');
    await expect(load(plan, rows(0, 4))).rejects.toMatchObject({ type: 'DestinationMismatch', why: '1 key of the load stands in several rows of the table (id)' });
    await changeByHand(destination, path, 'DELETE FROM sales WHERE id = 1');
    const [done] = await load(plan, rows(0, 4));
    expect(done).toMatchObject({ inserted: 2, unchanged: 2 });
  }); // prettier-ignore

  test('a folder that was moved is told, and nothing is written; once it is back, the load goes in', async () => {
    const { path, load, ids } = await published(destination);
    await rename(path, `${path}.moved`);
    for (const mode of ['replace', 'append', 'merge'] as const)
      await expect(load(table(mode, { key: ['id'] }), rows(2, 5))).rejects.toMatchObject({ type: 'DestinationMissing', what: expect.stringContaining('not where its catalogue says') as string });
    await rename(`${path}.moved`, path);
    await load(merge, rows(2, 5));
    expect(await ids()).toEqual([0, 1, 2, 3, 4]);
  }); // prettier-ignore

  test.each([
    ['DROP TABLE sales; CREATE VIEW sales AS SELECT 1::BIGINT AS id', /a view "sales" that Acequia did not make/, 'DestinationNotOurs'],
    ['ALTER TABLE _acequia_ledger DROP COLUMN digest', /The column digest is missing/, 'DestinationNotOurs'],
    ['ALTER TABLE sales ALTER COLUMN note SET NOT NULL', /NOT NULL constraint failed: sales.note/, 'DestinationMismatch'],
  ])('after %s it is refused, and stays as it is', async (statements, message, type) => {
    const { path, load, read } = await published(destination);
    for (const statement of statements.split('; ')) await changeByHand(destination, path, statement);
    const before = await read();
    const modes = type === 'DestinationMismatch' ? (['append', 'merge'] as const) : (['replace', 'append', 'merge'] as const);
    for (const mode of modes)
      await expect(load(table(mode, { key: ['id'] }), 'SELECT 9::BIGINT AS id, NULL::VARCHAR AS note')).rejects.toMatchObject({ type, message: expect.stringMatching(message) as string });
    expect(await read()).toEqual(before);
  }); // prettier-ignore
});

test('a table of somebody else is appended to and merged into by whatever letters, and never replaced', async () => {
  const { path, load, read } = await published(LAKE!);
  await changeByHand(LAKE!, path, 'CREATE TABLE theirs ("ID" BIGINT, note VARCHAR)');
  await changeByHand(LAKE!, path, "INSERT INTO theirs VALUES (1, 'theirs'), (1, 'twice'), (2, 'x')");
  const theirs = (mode: 'append' | 'merge' | 'replace') => table(mode, { name: 'theirs', key: mode === 'append' ? [] : ['id'] });
  await load(theirs('append'), rows(3, 4));
  expect((await load(theirs('merge'), rows(2, 4, 'ours')))[0]).toMatchObject({ inserted: 0, updated: 2 });
  await expect(load(theirs('merge'), rows(1, 2))).rejects.toMatchObject({ type: 'DestinationMismatch', why: expect.stringMatching(/^1 key of the load stands in several rows/) as string });
  await expect(load(theirs('replace'), rows(1, 2))).rejects.toMatchObject({ type: 'DestinationNotOurs' });
  expect(await read()).toHaveLength(3);
}); // prettier-ignore

test('a column that was dropped, added or renamed by hand loses no value', async () => {
  for (const [statement, expected] of [
    ['ALTER TABLE sales DROP COLUMN note', { id: '0', note: null }],
    ['ALTER TABLE sales ADD COLUMN more INTEGER DEFAULT 7', { id: '0', note: 'as it was', more: '7' }],
    ['ALTER TABLE sales RENAME COLUMN note TO remark', { id: '0', remark: 'as it was', note: null }],
  ] as const) {
    const { path, load, read } = await published(LAKE!);
    await changeByHand(LAKE!, path, statement);
    await load(merge, rows(1, 2, 'new'));
    expect((await read()).find(({ id }) => id === '0')).toEqual(expected);
    expect((await read()).find(({ id }) => id === '1')?.['note']).toBe('new');
  }
});

test('a catalogue that names another folder is told with both, and goes on where it was', async () => {
  const { path, load, ids } = await published(LAKE!);
  const other = await place({ ...LAKE!, path: 'out/other.ducklake' });
  await mkdir(dirname(other.path), { recursive: true });
  await rename(`${path}.sqlite`, `${other.path}.sqlite`);
  await expect(other.load(merge, rows(2, 5))).rejects.toMatchObject({
    type: 'DestinationNotOurs',
    why: expect.stringContaining('does not match existing data path') as string,
  });
  await rename(`${other.path}.sqlite`, `${path}.sqlite`);
  await load(merge, rows(2, 5));
  expect(await ids()).toEqual([0, 1, 2, 3, 4]);
});

test.each<[string, (path: string) => Promise<unknown>, RegExp]>([
  ['a text for a catalogue', (path) => writeFile(`${path}.sqlite`, 'my notes, quite long ones'), /a file of another kind/],
  ['a folder for a catalogue', (path) => mkdir(`${path}.sqlite`), /there is a folder/],
  ['a file for the folder', (path) => writeFile(path, 'my notes'), /cannot be written/],
  ['a catalogue of another version', catalogueOfAnotherVersion, /another version of DuckLake/],
])('%s', async (_, prepare, message) => {
  const { path, load } = await place(LAKE!);
  await mkdir(dirname(path), { recursive: true });
  await prepare(path);
  await expect(load(merge, rows(0, 3))).rejects.toMatchObject({ type: 'DestinationUnwritable', message: expect.stringMatching(message) as string });
}); // prettier-ignore

async function catalogueOfAnotherVersion(path: string): Promise<void> {
  await withSession(undefined, async (session) => {
    for (const extension of ['sqlite_scanner', 'ducklake'] as const) await loadExtension(session, extension);
    await session.run(`ATTACH ${literal(`ducklake:sqlite:${path}.sqlite`)} AS made (DATA_PATH ${literal(`${path}/`)})`);
  });
  await changeSqlite(`${path}.sqlite`, "UPDATE ducklake_metadata SET value = '99.0' WHERE key = 'version'");
}

test('a catalogue that another process writes to is tried again later', async () => {
  const { path, load, ids } = await published(LAKE!);
  await withSession(undefined, async (holder) => {
    await loadExtension(holder, 'sqlite_scanner');
    await holder.run(`ATTACH ${literal(`${path}.sqlite`)} AS held (TYPE sqlite)`);
    await holder.run('BEGIN TRANSACTION');
    await holder.run('CREATE TABLE held.mine (n BIGINT)');
    await expect(load(merge, rows(2, 5))).rejects.toMatchObject({ type: 'DestinationBusy' });
    await holder.run('ROLLBACK');
  });
  await load(merge, rows(2, 5));
  expect(await ids()).toEqual([0, 1, 2, 3, 4]);
});

test.each<[string, (parts: URL) => void, string]>([
  ['is down', (parts) => (parts.port = '1'), 'DestinationUnreachable'],
  ['knows another password', (parts) => (parts.password = 's3cret%20%2F'), 'DestinationDenied'],
])('a catalogue whose server %s is told without what leads there', async (_, change, type) => {
  const server = async (path: string) => {
    const { url, schema } = await schemaAt(path);
    return { url: changed(url, change), schema };
  };
  const failure = await failureOf((await place({ ...LAKES[1]!, server })).load(merge, rows(0, 1)));
  expect(failure).toMatchObject({ type });
  expect(inspect(failure, { depth: 9 })).not.toMatch(/s3cret|acequia@/);
  expect(String(failure)).not.toMatch(/application_name|Unable to connect/);
});
