import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { readSnapshot } from '../../../../activities/ingest/postgres/read-snapshot.ts';
import type { DatabaseSnapshot, Positions } from '../../../../workflows/database.ts';
import type { DatabaseTable } from '../../../../workflows/definition/index.ts';
import type { LandedFile } from '../../../../workflows/stages.ts';
import { startPostgres, tellPostgres, type PostgresServer } from '../../../support/postgres.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { quietWork } from '../../../support/work.ts';

const RUN = { pipeline: 'p', environment: 'dev', workflowId: 'p-dev', runId: 'r', rootRunId: 'r', startedAt: '' };

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

interface Reading {
  readonly snapshot: DatabaseSnapshot;
  /** The rows of a source, each as JSON of texts. */
  readonly rows: (source: string) => Promise<string[]>;
}

async function read(
  url: string,
  tables: readonly Partial<DatabaseTable>[],
  positions: Positions = {},
): Promise<Reading> {
  const lake = `file://${await temporaryFolder()}`;
  const whole = tables.map((table) => ({
    source: table.table ?? '',
    schema: 'public',
    table: '',
    format: 'parquet' as const,
    ...table,
  }));
  const database = { name: 'postgres:SHOP_URL', setting: 'SHOP_URL', tables: whole };
  const snapshot = await readSnapshot({ run: RUN, lake, database, positions }, quietWork(), {
    variables: { SHOP_URL: url },
  });
  const rows = async (source: string): Promise<string[]> => {
    const landed = snapshot.tables.find((table) => table.source === source)?.landed ?? '';
    const files = JSON.parse(await readFile(fileURLToPath(landed), 'utf8')) as LandedFile[];
    const paths = files.map(({ landing }) => literal(fileURLToPath(landing))).join(', ');
    return withSession(undefined, async (session) => {
      const found = await session.rows(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet([${paths}]) ORDER BY ALL`);
      return found.map((row) => JSON.stringify(row));
    });
  };
  return { snapshot, rows };
}

test('values of every type come as Postgres itself writes them', async () => {
  const url = await server.database();
  await tellPostgres(
    url,
    `CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN money2 AS numeric(12,2); CREATE TYPE pair AS (a int, b numeric)`,
    `CREATE TABLE t (id int PRIMARY KEY, n numeric, n2 numeric(12,2), d money2, f float8, b bytea, u uuid, ts timestamptz, tz timetz, iv interval,
      j json, jb jsonb, arr text[], nn numeric[][], m mood, p pair, dt date, tm time, x xml, i inet, c char(5), "A" int, "select" text)`,
    `INSERT INTO t VALUES (1, 12345678901234567890.123456789, 10.50, 7.25, 0.1, '\\x00ff', '00000000-0000-0000-0000-000000000001', '2026-01-01 12:00:00.123456+02',
      '10:00+05', '1 mon -1 day', '{"a": 1.10}', '{"a": 12345678901234567890.10}', ARRAY['a,b', NULL, 'c"d'], '{{1.10,NULL},{2,3}}', 'ok', '(1,2.50)', '2026-01-01', '24:00', '<a/>', '10.0.0.1', 'ab', 5, 'q'),
      (2, 'NaN', NULL, NULL, 'NaN', NULL, NULL, 'infinity', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '-infinity', NULL, NULL, NULL, NULL, NULL, '')`,
  );
  const { snapshot, rows } = await read(url, [{ table: 't' }]);
  expect(snapshot).toMatchObject({ failed: [], tables: [{ source: 't', rows: 2, total: 2 }] });
  console.log(await rows('t'));
});
