import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withSession } from '../../../activities/duckdb/session.ts';
import { DESTINATIONS, place, SERVED, table, type Destination } from './destinations.ts';

/** DuckDB's types and expressions of their values: the ends of what they hold, and what is easily lost. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  BOOLEAN: ['true', 'false'],
  TINYINT: ["'-128'", "'127'"],
  UBIGINT: ["'18446744073709551615'", '0'],
  BIGINT: ["'-9223372036854775808'", "'9223372036854775807'"],
  FLOAT: ["'nan'", "'inf'", "'3.4028235e38'", "'-1e-45'"],
  DOUBLE: ["'nan'", "'-inf'", "'5e-324'", "'1.7976931348623157e308'", "'-0.0'", '0.1'],
  'DECIMAL(38,0)': ["'99999999999999999999999999999999999999'", "'-99999999999999999999999999999999999999'"],
  'DECIMAL(38,38)': ["'0.00000000000000000000000000000000000001'", "'-0.99999999999999999999999999999999999999'"],
  // Those whose digits behind the point DuckDB's writer to Postgres has no room for, and their neighbours.
  'DECIMAL(9,9)': ["'0.5'", "'-0.999999999'", "'0.000000001'"],
  'DECIMAL(9,8)': ["'-9.99999999'"],
  'DECIMAL(18,18)': ["'0.5'", "'-0.999999999999999999'"],
  'DECIMAL(18,17)': ["'9.99999999999999999'"],
  'DECIMAL(18,16)': ["'-99.9999999999999999'"],
  'DECIMAL(38,37)': ["'-9.9999999999999999999999999999999999999'"],
  'DECIMAL(38,36)': ["'99.999999999999999999999999999999999999'"],
  'DECIMAL(6,3)': ["'123.450'", "'-0.001'", '0'],
  VARCHAR: ["''", "' x  '", "'NULL'", "'\\N'", "'tab\tnew\nline\r\\'", "'O''Brien \"q\"'", "'🐟ñ\u0301\u202e'", 'repeat(chr(233), 70000)'],
  DATE: ["'infinity'", "'-infinity'", "'0001-01-01'", "'0044-03-15 (BC)'", "'9999-12-31'", "'4713-01-01 (BC)'"],
  TIME: ["'00:00:00'", "'23:59:59.999999'", "'24:00:00'"],
  TIMESTAMP: ["'infinity'", "'-infinity'", "'294247-01-10 04:00:54.775806'", "'0044-03-15 (BC) 12:00:00.000001'", "'1969-12-31 23:59:59.999999'"],
  TIMESTAMPTZ: ["'infinity'", "'0001-01-01 00:00:00+14'", "'294246-12-31 23:59:59.999999+00'", "'2025-10-26 02:30:00+02'"],
  TIMESTAMP_S: ["'1900-01-01 00:00:01'"],
  TIMESTAMP_MS: ["'1900-01-01 00:00:00.001'"],
  TIMESTAMP_NS: ["'2020-01-01 00:00:01.123456789'"],
  INTERVAL: ["'14 months 40 days 100 hours 0.005 seconds'", "'30 days'", "'0 days'"],
  UUID: ["'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"],
  BLOB: ["''", "'\\x00\\xff\\x5c'", "'text'"],
  JSON: [`'{"b": 1.0, "a":  [null, "\\u00e9"], "b": 12345678901234567890.5}'`, "'null'", `'""'`, `'[]'`],
  "ENUM('a', 'b c')": ["'a'", "'b c'"],
  'INTEGER[]': ['[1, NULL, 3]', '[]'],
  'VARCHAR[]': [`['', NULL, 'a,"b"', '{c}', 'NULL']`],
  'BIGINT[][]': ['[[9007199254740993], [], NULL]'],
  'STRUCT(a DECIMAL(5,2), "b c" STRUCT(d DATE, e VARCHAR[]))': [`{'a': 1.50, 'b c': {'d': DATE '2020-02-29', 'e': ['x', NULL]}}`],
  'MAP(VARCHAR, INTEGER)': [`MAP {'': 1, 'k"': NULL}`],
}; // prettier-ignore

const types = Object.keys(TYPES);

/** Rows with one value of every type each, by the place of the value in its list. */
const rows = fc.array(fc.tuple(...types.map((type) => fc.option(fc.constantFrom(...TYPES[type]!), { freq: 6 }))), {
  minLength: 1,
  maxLength: 6,
});

/** Every value at least once. */
const EVERY = Array.from({ length: Math.max(...types.map((type) => TYPES[type]!.length)) }, (_, row) =>
  types.map((type) => TYPES[type]![row] ?? null),
);

type Cells = readonly (readonly (string | null)[])[];

function queryOf(load: Cells): string {
  return load
    .map((cells, row) => {
      const values = types.map((type, at) => `CAST(${cells[at] ?? 'NULL'} AS ${type}) AS "c${at}"`);
      return `SELECT ${row}::BIGINT AS id, ${values.join(', ')}`;
    })
    .join(' UNION ALL ');
}

/** Nested values are JSON where the destination has no such types. */
function isNested(type: string): boolean {
  return /\[|^STRUCT|^MAP/.test(type);
}

/** A text that is the same for the same value, whatever type holds it. */
function textOf(at: number): string {
  const [column, type] = [`"c${at}"`, types[at]!];
  return isNested(type)
    ? `CASE WHEN typeof(${column}) IN ('VARCHAR', 'JSON') THEN CAST(${column} AS VARCHAR) ELSE CAST(to_json(${column}) AS VARCHAR) END AS ${column}`
    : `regexp_replace(CAST(${column} AS VARCHAR), '^(-?)0\\.', '\\1.') AS ${column}`;
}

const SELECT = `SELECT CAST(id AS VARCHAR) AS id, ${types.map((_, at) => textOf(at)).join(', ')} FROM`;

function texts(destination: Pick<Destination, 'attach' | 'rows'> | undefined, path: string, query = '') {
  return withSession(undefined, async (session) => {
    await destination?.attach?.(session, path);
    const from = destination ? await destination.rows(path, 'sales', 'merge') : `(${query})`;
    const found = await session.rows<Record<string, string | null>>(`${SELECT} ${from}`);
    return found.sort((a, b) => Number(a['id']) - Number(b['id']));
  });
}

describe.each([SERVED[0]!, SERVED[1]!, DESTINATIONS[1]!, DESTINATIONS[2]!])('$name', (destination) => {
  test('every value comes back as it went in, whether the table is made, changed or left', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (load) => {
        const { path, load: publish } = await place(destination);
        const merge = table('merge', { key: ['id'] });
        for (const cells of [EVERY, load, EVERY]) await publish(merge, queryOf(cells));
        expect(await texts(destination, path)).toEqual(await texts(undefined, path, queryOf(EVERY)));
        const [again] = await publish(merge, queryOf(EVERY));
        expect(again).toMatchObject({ inserted: 0, updated: 0, unchanged: EVERY.length });
      }),
      { numRuns: 1, endOnFailure: true },
    );
  });
});

test.each([SERVED[0]!, SERVED[1]!, DESTINATIONS[0]!, DESTINATIONS[1]!])(
  'a text of ten million bytes, and integers of 128 bits as far as they fit ($name)',
  async (destination) => {
    const { load, read } = await place(destination);
    const plan = table('replace', { columns: [{ name: 'big', type: 'HUGEINT' }, { name: 'long', type: 'VARCHAR' }] });
    const most = '99999999999999999999999999999999999999';
    const fits = destination.kind === 'sqlite' ? '9223372036854775807' : most;
    await load(plan, `SELECT '${fits}' AS big, repeat('ñ', 5000000) AS long`);
    const [row] = await read();
    expect([row?.['big'], row?.['long']?.length, row?.['long']?.at(-1)]).toEqual([fits, 5_000_000, 'ñ']);
    if (destination.kind === 'duckdb' || destination.kind === 'ducklake') return;
    await expect(load(plan, `SELECT '${most}9' AS big, '' AS long`)).rejects.toThrow(/A value does not fit the type of its column/);
    expect((await read())[0]?.['big']).toBe(fits);
  },
); // prettier-ignore

test.each([
  ['a NUL character', "'a' || chr(0)", 'VARCHAR'],
  ['a date before those of Postgres', "DATE '4714-01-01 (BC)'", 'DATE'],
  ['a date after those of Postgres', "DATE '5881580-07-10'", 'DATE'],
  ['a time before those of Postgres', "TIMESTAMP '290300-01-01 (BC) 00:00:00'", 'TIMESTAMP'],
  ['an instant before those of Postgres', "TIMESTAMPTZ '290300-01-01 (BC) 00:00:00+00'", 'TIMESTAMPTZ'],
  ['a number of JSON that is none', "{'a': 'nan'::DOUBLE}", 'STRUCT(a DOUBLE)'],
])('Postgres refuses %s in every mode, tells no value, and takes the load without it', async (_, value, type) => {
  const { load, read } = await place(SERVED[0]!);
  await load(table('replace', { key: ['id'] }), `SELECT 1 AS id, NULL::${type} AS v`);
  const before = await read();
  for (const mode of ['replace', 'append', 'merge'] as const)
    await expect(load(table(mode, { key: ['id'] }), `SELECT 2 AS id, ${value} AS v`)).rejects.toMatchObject({
      type: 'DestinationMismatch',
      what: expect.stringMatching(/^Postgres cannot hold one of the values/) as string,
    });
  expect(await read()).toEqual(before);
  await load(table('merge', { key: ['id'] }), `SELECT 2 AS id, NULL::${type} AS v`);
  expect(await read()).toHaveLength(2);
});
