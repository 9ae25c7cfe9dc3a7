import { describe, expect, test } from 'vitest';
import { identifier } from '../../../activities/duckdb/identifiers.ts';
import type { LoadMode } from '../../../workflows/definition/index.ts';
import { DESTINATIONS, place, SERVED, table } from './destinations.ts';

const [SQLITE, DUCKDB, FILE] = DESTINATIONS;
const [POSTGRES, LAKE] = SERVED;

/** Names of columns that some language or other would take for something else; two have 63 bytes. */
const ODD = [
  'select', 'user', 'order', 'table', 'group', 'Größe', 'oid', 'rowid', 'a"b', "a'b", 'a b', ' led', '100 %', 'back\\slash', 'a.b', '$1', '%s', ';--', '🐟',
  'x'.repeat(63), `${'ñ'.repeat(31)}x`, 'tab\tline\n', '',
].filter((name) => name !== ''); // prettier-ignore

const rowOf = (n: number, names: readonly string[]) =>
  `SELECT ${n}::BIGINT AS id, ${names.map((name, at) => `'${n}.${at}' AS ${identifier(name)}`).join(', ')}`;

describe.each([SQLITE!, DUCKDB!, FILE!, POSTGRES!, LAKE!])('$name', (destination) => {
  test('columns of any name are made, indexed, merged, appended and added', async () => {
    const { load, read } = await place(destination);
    const indexes = ODD.map((name) => [name]);
    const plan = (mode: LoadMode) => table(mode, { key: ['id', 'order'], indexes });
    await load(plan('replace'), rowOf(1, ODD));
    await load(plan('merge'), `${rowOf(2, ODD)} UNION ALL ${rowOf(1, ODD)}`);
    await load(plan('merge'), rowOf(3, [...ODD, 'more "']));
    const rows = await read('merge');
    const told = rows.map((row) => ODD.map((name) => row[name])).sort();
    expect(told).toEqual([1, 2, 3].map((n) => ODD.map((_, at) => `${n}.${at}`)));
    expect(rows.map((row) => row['more "']).sort()).toEqual(['3.23', null, null].slice(0, 3).sort());
  });

  test.each(['select', 'order', 'user', 'sales_2025', 'x'.repeat(63)])('a table %s', async (name) => {
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
    for (const [more, role] of [[{ key: ['number'] }, 'part of the key'], [{ indexes: [['number']] }, 'part of an index'], [{ partitionBy: ['number'] }, 'what the table is partitioned by']] as const)
      await expect(load(table('replace', more), 'SELECT 1 AS id')).rejects.toMatchObject({
        type: 'DefinitionInvalid',
        what: `sales has no column "number", which is to be ${role}.`,
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
  [POSTGRES!, 'sales', 'ctid', 'keeps that name for itself'],
  [POSTGRES!, 'sales', 'xmin', 'keeps that name for itself'],
  [POSTGRES!, 'sales', 'ñ'.repeat(32), 'It has 64 bytes, and a name has at most 63.'],
  [POSTGRES!, 'x'.repeat(64), 'id', 'It has 64 bytes, and a name has at most 63.'],
  [POSTGRES!, 'pg_class', 'id', 'keeps such names for itself'],
  [POSTGRES!, '_acequia_ledger', 'id', 'The ledger of what was loaded has it.'],
  [LAKE!, '_acequia_ledger', 'id', 'The ledger of what was loaded has it.'],
  [LAKE!, 'sales', '_ducklake_internal_row_id', 'keeps that name for itself'],
  [DUCKDB!, '_acequia_ledger', 'id', 'The ledger of what was loaded has it.'],
  [SQLITE!, 'sqlite_sales', 'id', 'keeps such names for itself'],
])('$name refuses the table %s with the column %s before it is even opened', async (destination, name, column, why) => {
  const { path, load } = await place(destination);
  await expect(load(table('merge', { name, key: [column] }), `SELECT 1 AS "${column}"`)).rejects.toMatchObject({
    type: 'DefinitionInvalid',
    why: expect.stringContaining(why) as string,
  });
  await expect(destination.read(path, '_acequia_ledger', 'merge')).rejects.toThrow();
});
