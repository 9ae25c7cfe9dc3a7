import { describe, expect, test } from 'vitest';
import { stagedRows } from '../../../../activities/duckdb/staged-tables.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { readBigQuery } from '../../../../activities/ingest/bigquery/read-snapshot.ts';
import { ingestSource } from '../../../../activities/ingest/ingest-source.ts';
import { openLake } from '../../../../activities/lake/lake.ts';
import { compileDatabases, compileTableSource } from '../../../../activities/plan/compile-databases.ts';
import { bigqueryQuery, bigqueryTable, type BigQuerySource } from '../../../../workflows/definition/index.ts';
import { startBigQuery } from '../../../support/bigquery.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { quietWork } from '../../../support/work.ts';
import { RUN } from '../postgres/source-database.ts';

const server = await startBigQuery();
const PLACE = await server.makeDataset('shop');

/** Reads sources of one dataset, and holds each against its contract. */
async function staged(
  sources: Readonly<Record<string, BigQuerySource>>,
  queries: Readonly<Record<string, string>> = {},
) {
  const lake = `file://${await temporaryFolder()}`;
  const sql = new Map(
    Object.entries(queries).map(([name, text]) => [name, { file: `queries/${name}.sql`, sql: text }]),
  );
  const references = new Map([[PLACE, { url: PLACE }]]);
  const [database] = compileDatabases({ sources }, Object.keys(sources), references, sql);
  const request = { run: RUN, lake, database: database!, positions: {} };
  const snapshot = await readBigQuery(request, quietWork(), { variables: server.environment });
  const tables: Record<string, Record<string, string | null>[]> = {};
  for (const { source: name, landed } of snapshot.tables) {
    const source = { ...compileTableSource(name, sources[name]!, undefined), failAbove: 1, landed };
    const result = await ingestSource({ run: RUN, lake, source }, quietWork());
    for (const one of result.tables)
      tables[one.name] = await withSession(undefined, async (session) =>
        session.rows(
          `SELECT COLUMNS(c -> c NOT IN ('_file', '_line', '_offset', '_length'))::VARCHAR FROM ${await stagedRows(openLake(lake), one)} ORDER BY ALL`,
        ),
      );
  }
  return { snapshot, tables };
}

describe('a table', () => {
  test('comes as it is, whatever its types', async () => {
    await server.tell(
      `CREATE TABLE shop.kinds AS
         SELECT 9007199254740993 AS id, NUMERIC '1234.50' AS amount, 0.1 AS share, true AS paid, 'ñ€😀' AS note,
           DATE '2024-02-29' AS day, DATETIME '2024-02-29 12:34:56.123456' AS local, TIMESTAMP '2024-02-29 23:59:59.000001+00' AS at
         UNION ALL SELECT 2, NUMERIC '-99999999999999999999999999999.999999999', 1e-300, false, '', DATE '0001-01-01', DATETIME '1969-12-31 23:59:59.999999', TIMESTAMP '1969-12-31 23:59:59.999999+00'
         UNION ALL SELECT 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL`,
    );
    const columns = { id: 'integer!', amount: 'decimal(38,9)', share: 'double', paid: 'boolean', note: 'text', day: 'date', local: 'timestamp', at: 'timestamptz' }; // prettier-ignore
    const { snapshot, tables } = await staged({ kinds: bigqueryTable(PLACE, 'kinds', { columns, key: ['id'] }) });
    expect(snapshot.tables).toMatchObject([{ source: 'kinds', rows: 3, total: 3 }]);
    expect(tables['kinds']).toEqual([
      { id: '2', amount: '-99999999999999999999999999999.999999999', share: '1e-300', paid: 'false', note: '', day: '0001-01-01', local: '1969-12-31 23:59:59.999999', at: '1969-12-31 23:59:59.999999+00' },
      { id: '3', amount: null, share: null, paid: null, note: null, day: null, local: null, at: null },
      { id: '9007199254740993', amount: '1234.500000000', share: '0.1', paid: 'true', note: 'ñ€😀', day: '2024-02-29', local: '2024-02-29 12:34:56.123456', at: '2024-02-29 23:59:59.000001+00' },
    ]); // prettier-ignore
  });

  test('with records and lists has their JSON; lists become tables where that is said', async () => {
    await server.tell(
      `CREATE TABLE shop.orders AS SELECT 1 AS id, STRUCT('Ana' AS name, NUMERIC '1.10' AS score) AS buyer, [STRUCT('a' AS sku, 2 AS qty), STRUCT('b' AS sku, 3 AS qty)] AS items`,
    );
    const columns = { id: 'integer!', buyer: 'text', items: 'text' };
    const whole = await staged({ orders: bigqueryTable(PLACE, 'orders', { columns, key: ['id'] }) });
    expect(whole.tables['orders']).toEqual([
      { id: '1', buyer: '{"name":"Ana","score":1.1}', items: '[{"sku":"a","qty":2},{"sku":"b","qty":3}]' },
    ]);
    const nested = { id: 'integer!', 'buyer.name': 'text', 'buyer.score': 'decimal(9,2)', 'items[].sku': 'text', 'items[].qty': 'integer' }; // prettier-ignore
    const apart = await staged({
      orders: bigqueryTable(PLACE, 'orders', { columns: nested, key: ['id'], nested: 'tables' }),
    });
    expect(apart.tables['orders']).toEqual([{ id: '1', buyer_name: 'Ana', buyer_score: '1.10' }]);
    expect(apart.tables['orders_items']).toMatchObject([
      { sku: 'a', qty: '2', _position: '1' },
      { sku: 'b', qty: '3', _position: '2' },
    ]);
  });

  test('that is not there costs itself only', async () => {
    await server.tell('CREATE TABLE shop.there AS SELECT 1 AS id');
    const columns = { id: 'integer!' };
    const { snapshot, tables } = await staged({
      gone: bigqueryTable(PLACE, 'gone', { columns }),
      there: bigqueryTable(PLACE, 'there', { columns }),
    });
    expect(tables).toEqual({ there: [{ id: '1' }] });
    expect(snapshot.failed).toMatchObject([{ name: 'gone', error: { type: 'SourceMissing' } }]);
  });

  test('of many pages comes whole', async () => {
    await server.tell('CREATE TABLE shop.many AS SELECT i AS id FROM UNNEST(GENERATE_ARRAY(1, 45000)) AS i');
    const { snapshot, tables } = await staged({ many: bigqueryTable(PLACE, 'many', { columns: { id: 'integer!' } }) });
    expect(snapshot.tables).toMatchObject([{ rows: 45_000 }]);
    expect(new Set(tables['many']?.map(({ id }) => id)).size).toBe(45_000);
  });
});

test('a query reads tables of its dataset, and others', async () => {
  await server.tell('CREATE TABLE shop.sales AS SELECT 1 AS id, 2 AS qty UNION ALL SELECT 2, 5');
  const columns = { id: 'integer!', twice: 'integer' };
  const { tables } = await staged(
    { big: bigqueryQuery(PLACE, { columns }) },
    { big: 'SELECT id, qty * 2 AS twice FROM shop.sales WHERE qty > 2' },
  );
  expect(tables['big']).toEqual([{ id: '2', twice: '10' }]);
});
