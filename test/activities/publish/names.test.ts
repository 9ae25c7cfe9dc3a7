import { describe, expect, test } from 'vitest';
import { identifier } from '../../../activities/duckdb/identifiers.ts';
import type { LoadMode } from '../../../workflows/definition/index.ts';
import { DESTINATIONS, place, SERVED, table } from './destinations.ts';

const [SQLITE, DUCKDB, FILE] = DESTINATIONS;
const [POSTGRES, LAKE] = SERVED;

/** Names of columns that some language or other would take for something else; two have 63 bytes. */
const ODD = [
  'select', 'user', 'order', 'table', 'group', 'Größe', 'oid', 'rowid', 'a"b', "a'b", 'a b', ' led', '100 %', 'back\\slash', 'a.b', '$1', '%s', ';--', '🐟',
  'x'.repeat(63), `${'ñ'.repeat(31)}x`, 'tab\tline\n',
]; // prettier-ignore

const rowOf = (n: number, names: readonly string[]) =>
  `SELECT ${n}::BIGINT AS id, ${names.map((name, at) => `'${n}.${at}' AS ${identifier(name)}`).join(', ')}`;

describe.each([SQLITE!, DUCKDB!, FILE!, POSTGRES!, LAKE!])('$name', (destination) => {
  test('columns of any name are made, indexed, merged and added', async () => {
    const { load, read } = await place(destination);
    const odd = destination.kind === 'sqlite' ? ODD.filter((name) => name !== 'rowid') : ODD;
    const plan = (mode: LoadMode) => table(mode, { key: ['id', 'order'], indexes: odd.map((name) => [name]) });
    await load(plan('replace'), rowOf(1, odd));
    await load(plan('merge'), `${rowOf(2, odd)} UNION ALL ${rowOf(1, odd)}`);
    await load(plan('merge'), rowOf(3, [...odd, 'more "']));
    const rows = (await read('merge')).sort((a, b) => Number(a['id']) - Number(b['id']));
    const cells = (n: number) => odd.map((_, at) => `${n}.${at}`);
    expect(rows.map((row) => [...odd, 'more "'].map((name) => row[name]))).toEqual([
      [...cells(1), null],
      [...cells(2), null],
      [...cells(3), `3.${odd.length}`],
    ]);
  });

  test.each(['order', 'user', 'x'.repeat(63)])('a table %s', async (name) => {
    const { path, load } = await place(destination);
    for (const n of [1, 2]) await load(table('merge', { name, key: ['id'], indexes: [['note']] }), rowOf(n, ['note']));
    expect(await destination.read(path, name, 'merge')).toHaveLength(2);
  });

  test('a thousand columns, and no row at all in any mode', async () => {
    const wide = `SELECT ${Array.from({ length: 1000 }, (_, at) => `${at} AS c${at}`).join(', ')}`;
    const { load, read } = await place(destination);
    await load(table('merge', { key: ['c7'] }), wide);
    const [none] = await load(table('merge', { key: ['c7'] }), `${wide} WHERE false`);
    expect(none).toMatchObject({ rows: 0, inserted: 0, updated: 0, removed: 0 });
    expect(Object.keys((await read('merge'))[0] ?? {})).toHaveLength(1000);
    for (const mode of ['replace', 'append', 'delete-missing', 'scd2'] as const) {
      const empty = await place(destination);
      const plan = table(mode, { key: mode === 'append' ? [] : ['id'] });
      for (let times = 0; times < 2; times += 1)
        expect((await empty.load(plan, 'SELECT 1 AS id WHERE false'))[0]).toMatchObject({ rows: 0, inserted: 0 });
      expect(await empty.read(mode)).toEqual([]);
    }
  });

  test('a load of no column, or without one that the plan names, is refused before anything is there', async () => {
    const { path, load } = await place(destination);
    const only = "SELECT 'f.csv' AS _file, 1::BIGINT AS _line";
    await expect(load(table('append'), only)).rejects.toMatchObject({ type: 'DefinitionInvalid', what: 'sales has no columns.' });
    const folders = destination.kind === 'parquet' ? [] : [{ partitionBy: ['number'] }];
    for (const more of [{ key: ['number'] }, { indexes: [['number']] }, ...folders])
      await expect(load(table('replace', more), 'SELECT 1 AS id')).rejects.toMatchObject({
        type: 'DefinitionInvalid',
        what: expect.stringMatching(/^sales has no column "number", which is to be (?:part of|what the table is)/) as string,
        why: 'Its columns are id.',
      });
    await expect(destination.read(path, 'sales', 'replace')).rejects.toThrow();
  }); // prettier-ignore

  test('a key is found by whatever letters the plan writes it in', async () => {
    const { load, read } = await place(destination);
    const plan = table('merge', { key: ['ID'], indexes: [['NOTE']] });
    await load(plan, "SELECT 1 AS id, 'a' AS note");
    await load(plan, "SELECT 1 AS id, 'b' AS note");
    expect(await read('merge')).toEqual([{ id: '1', note: 'b' }]);
  });
});

test.each([
  { destination: POSTGRES!, name: 'sales', column: 'ctid', why: 'keeps that name for itself' },
  { destination: POSTGRES!, name: 'sales', column: 'xmin', why: 'keeps that name for itself' },
  { destination: POSTGRES!, name: 'sales', column: 'ñ'.repeat(32), why: 'It has 64 bytes, and a name has at most 63.' },
  { destination: POSTGRES!, name: 'x'.repeat(64), column: 'id', why: 'It has 64 bytes, and a name has at most 63.' },
  { destination: POSTGRES!, name: 'pg_class', column: 'id', why: 'keeps such names for itself' },
  { destination: POSTGRES!, name: '_acequia_ledger', column: 'id', why: 'The ledger of what was loaded has it.' },
  { destination: LAKE!, name: '_acequia_ledger', column: 'id', why: 'The ledger of what was loaded has it.' },
  { destination: LAKE!, name: 'sales', column: '_ducklake_internal_row_id', why: 'keeps that name for itself' },
  { destination: DUCKDB!, name: '_acequia_ledger', column: 'id', why: 'The ledger of what was loaded has it.' },
  { destination: SQLITE!, name: 'sqlite_sales', column: 'id', why: 'keeps such names for itself' },
  { destination: SQLITE!, name: 'sales', column: 'RowId', why: 'keeps that name for itself' },
])(
  '$destination.name refuses the table $name with the column $column before it is even opened',
  async ({ destination, name, column, why }) => {
    const { path, load } = await place(destination);
    await expect(load(table('merge', { name, key: [column] }), `SELECT 1 AS "${column}"`)).rejects.toMatchObject({
      type: 'DefinitionInvalid',
      why: expect.stringContaining(why) as string,
    });
    await expect(destination.read(path, '_acequia_ledger', 'merge')).rejects.toThrow();
  },
);
