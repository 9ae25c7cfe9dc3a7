import { describe, expect, test } from 'vitest';
import { startBigQuery } from '../../../support/bigquery.ts';
import { table } from '../destinations.ts';
import { counts } from '../shop.ts';
import { dataset } from './dataset.ts';

const server = await startBigQuery();

const rows = (from: number, to: number, note = 'as it was') =>
  `SELECT i::BIGINT AS id, '${note}' AS note, (i / 4)::DECIMAL(9,2) AS price FROM range(${from}, ${to}) t(i)`;

/** A dataset, and what stands in its table `sales`. */
async function shop() {
  const place = await dataset(server);
  const there = () => server.tell(`SELECT id, note, price FROM ${place.name}.sales ORDER BY id`);
  const ledger = () =>
    server.tell(
      `SELECT load_mode, \`rows\`, inserted, updated, unchanged, removed FROM ${place.name}._acequia_ledger ORDER BY sequence`,
    );
  const tables = async () => {
    const { tables: found = [] } = await server.ask<{ tables?: { tableReference: { tableId: string } }[] }>(
      'GET',
      `/datasets/${place.name}/tables`,
    );
    return found.map(({ tableReference: { tableId } }) => tableId).sort();
  };
  return { ...place, there, ledger, tables };
}

describe('replace', () => {
  test('makes the table, and counts what the next load changes, by key', async () => {
    const { load, there, ledger, tables } = await shop();
    const plan = table('replace', { key: ['id'] });
    expect(counts(await load(plan, rows(1, 5)))).toEqual([['sales', 4, 4, 0, 0, 0]]);
    const changed = `${rows(2, 4)} UNION ALL ${rows(4, 7, 'new')}`;
    expect(counts(await load(plan, changed))).toEqual([['sales', 5, 2, 1, 2, 1]]);
    expect((await there()).map(([id, note]) => [id, note])).toEqual([
      ['2', 'as it was'],
      ['3', 'as it was'],
      ['4', 'new'],
      ['5', 'new'],
      ['6', 'new'],
    ]);
    expect(await ledger()).toEqual([
      ['replace', '4', '4', '0', '0', '0'],
      ['replace', '5', '2', '1', '2', '1'],
    ]);
    expect(await tables()).toEqual(['_acequia_ledger', 'sales']);
  });

  test('without a key rows count as often as they are there', async () => {
    const { load } = await shop();
    const plan = table('replace');
    await load(plan, `${rows(1, 3)} UNION ALL ${rows(1, 3)}`);
    expect(counts(await load(plan, `${rows(1, 3)} UNION ALL ${rows(5, 6)}`))).toEqual([['sales', 3, 1, 0, 2, 2]]);
  });

  test('the same rows again change nothing, and are not loaded', async () => {
    const { load, ledger } = await shop();
    const plan = table('replace', { key: ['id'] });
    const [first] = await load(plan, rows(1, 5));
    const [again] = await load(plan, rows(1, 5));
    expect(counts([again!])).toEqual([['sales', 4, 0, 0, 4, 0]]);
    expect(again?.digest).toBe(first?.digest);
    expect(await ledger()).toHaveLength(1);
  });

  test('rows that somebody has changed since are replaced again', async () => {
    const { load, name, there } = await shop();
    const plan = table('replace', { key: ['id'] });
    await load(plan, rows(1, 5));
    await server.tell(`UPDATE ${name}.sales SET note = 'by hand' WHERE id = 2`);
    expect(counts(await load(plan, rows(1, 5)))).toEqual([['sales', 4, 0, 1, 3, 0]]);
    expect((await there()).map(([, note]) => note)).toEqual(Array(4).fill('as it was'));
  });

  test('a load with other columns takes the place of the table', async () => {
    const { load, name } = await shop();
    const plan = table('replace', { key: ['id'] });
    await load(plan, rows(1, 5));
    expect(counts(await load(plan, 'SELECT i::BIGINT AS id, true AS paid FROM range(1, 3) t(i)'))).toEqual([
      ['sales', 2, 2, 0, 0, 4],
    ]);
    expect(await server.tell(`SELECT * FROM ${name}.sales ORDER BY id`)).toEqual([
      ['1', 'true'],
      ['2', 'true'],
    ]);
  });

  test('a load without rows leaves a table without rows', async () => {
    const { load, there } = await shop();
    await load(table('replace'), rows(1, 3));
    expect(counts(await load(table('replace'), `${rows(1, 3)} WHERE false`))).toEqual([['sales', 0, 0, 0, 0, 2]]);
    expect(await there()).toEqual([]);
  });

  test('a table that Acequia did not make stays as it is', async () => {
    const { load, name, there, tables } = await shop();
    await server.tell(`CREATE TABLE ${name}.sales AS SELECT 1 AS id, 'mine' AS note, NUMERIC '1' AS price`);
    await expect(load(table('replace'), rows(1, 3))).rejects.toMatchObject({ type: 'DestinationNotOurs' });
    expect((await there()).map(([id, note]) => [id, note])).toEqual([['1', 'mine']]);
    expect(await tables()).toEqual(['sales']);
  });

  test('a run that was overtaken changes nothing', async () => {
    const { load, request, publish, there } = await shop();
    const plan = table('replace', { key: ['id'] });
    const early = await request(plan, rows(1, 3, 'early'));
    await load(plan, rows(1, 5));
    await expect(publish(early)).rejects.toMatchObject({ type: 'Superseded' });
    expect(await there()).toHaveLength(4);
  });
});

describe('append', () => {
  test('adds each load once, whoever tries again', async () => {
    const { load, request, publish, there, ledger } = await shop();
    const plan = table('append');
    await load(plan, rows(1, 3));
    const second = await request(plan, rows(3, 5));
    expect(counts(await publish(second))).toEqual([['sales', 2, 2, 0, 0, 0]]);
    expect(counts(await publish(second))).toEqual([['sales', 2, 2, 0, 0, 0]]);
    expect(counts(await load(plan, rows(3, 5)))).toEqual([['sales', 2, 0, 0, 2, 0]]);
    expect(await there()).toHaveLength(4);
    expect(await ledger()).toHaveLength(2);
  });

  test('a table of ours gains the columns that it lacks', async () => {
    const { load, name } = await shop();
    await load(table('append'), rows(1, 3));
    const [more] = await load(table('append'), "SELECT 9::BIGINT AS id, 'x' AS extra");
    expect(more?.ddl).toEqual([expect.stringContaining('ADD COLUMN IF NOT EXISTS `extra` STRING')]);
    expect(await server.tell(`SELECT id, note, extra FROM ${name}.sales WHERE id = 9`)).toEqual([['9', null, 'x']]);
  });

  test('values that do not go into the columns there are refused', async () => {
    const { load, there } = await shop();
    await load(table('append'), rows(1, 3));
    await expect(load(table('append'), "SELECT 'no number' AS id")).rejects.toMatchObject({
      type: 'DestinationMismatch',
      why: expect.stringContaining('id: VARCHAR in the load, BIGINT in the table') as string,
    });
    expect(await there()).toHaveLength(2);
  });
});

describe('merge', () => {
  test('adds new rows, changes others, and leaves the rest', async () => {
    const { load, there } = await shop();
    const plan = table('merge', { key: ['id'] });
    await load(plan, rows(1, 5));
    const changed = `${rows(3, 4)} UNION ALL ${rows(4, 7, 'new')}`;
    expect(counts(await load(plan, changed))).toEqual([['sales', 4, 2, 1, 1, 0]]);
    expect((await there()).map(([id, note]) => [id, note])).toEqual([
      ['1', 'as it was'],
      ['2', 'as it was'],
      ['3', 'as it was'],
      ['4', 'new'],
      ['5', 'new'],
      ['6', 'new'],
    ]);
  });

  test('a key that stands in several rows of a table of somebody else is refused, and nothing changes', async () => {
    const { load, name, there } = await shop();
    await server.tell(
      `CREATE TABLE ${name}.sales AS SELECT 1 AS id, 'mine' AS note, NUMERIC '1' AS price UNION ALL SELECT 1, 'too', 2`,
    );
    await expect(load(table('merge', { key: ['id'] }), rows(1, 3))).rejects.toMatchObject({
      type: 'DestinationMismatch',
      why: expect.stringContaining('in several rows of the table (id)') as string,
    });
    expect(await there()).toHaveLength(2);
  });
});

/** DuckDB's types and expressions of their values: the ends of what BigQuery holds, and what is easily lost. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  BOOLEAN: ['true', 'false'],
  TINYINT: ["'-128'"],
  UBIGINT: ["'18446744073709551615'", '0'],
  BIGINT: ["'-9223372036854775808'", "'9223372036854775807'"],
  DOUBLE: ["'nan'", "'-inf'", "'inf'", "'5e-324'", "'1.7976931348623157e308'", '0.1'],
  'DECIMAL(38,9)': ["'-99999999999999999999999999999.999999999'", "'0.000000001'", '0'],
  'DECIMAL(6,3)': ["'123.450'", "'-0.001'"],
  VARCHAR: ["''", "' x  '", "'NULL'", "'tab\tnew\nline\r\\'", "'O''Brien \"q\"'", "'🐟ñ\u0301\u202e'", 'repeat(chr(233), 70000)'],
  DATE: ["'0001-01-01'", "'9999-12-31'"],
  TIME: ["'00:00:00'", "'23:59:59.999999'"],
  TIMESTAMP: ["'0001-01-01 00:00:00'", "'9999-12-31 23:59:59.999999'", "'1969-12-31 23:59:59.999999'"],
  TIMESTAMPTZ: ["'0001-01-01 00:00:00+00'", "'2025-10-26 02:30:00+02'", "'1969-12-31 23:59:59.999999+00'"],
  JSON: [`'{"b": 1.0, "a":  [null], "b": 12345678901234567890.5}'`],
  'INTEGER[]': ['[1, NULL, 3]', '[]'],
  'STRUCT(a DECIMAL(5,2))': ["{'a': 1.50}"],
}; // prettier-ignore

test('every kind of value comes back as it was given, and so does NULL', async () => {
  const types = Object.entries(VALUES);
  const most = Math.max(...types.map(([, values]) => values.length));
  const query = Array.from({ length: most + 1 }, (_, row) => {
    const cells = types.map(([type, values], at) => `CAST(${values[row] ?? 'NULL'} AS ${type}) AS c${at}`);
    return `SELECT ${row}::BIGINT AS id, ${cells.join(', ')}`;
  }).join(' UNION ALL ');
  const { load } = await shop();
  // What comes back is compared with what was given before anything is published.
  expect(counts(await load(table('replace', { key: ['id'] }), query))).toEqual([
    ['sales', most + 1, most + 1, 0, 0, 0],
  ]);
});

test.each(["DATE '0044-03-15 (BC)'", "TIMESTAMP 'infinity'", "DATE '10000-01-01'"])(
  'a time that BigQuery does not know is refused: %s',
  async (value) => {
    const { load, tables } = await shop();
    await expect(load(table('replace'), `SELECT ${value} AS at`)).rejects.toMatchObject({
      type: 'DestinationMismatch',
      why: expect.stringContaining('in column at lies outside the years 1 to 9999') as string,
    });
    expect(await tables()).toEqual([]);
  },
);
