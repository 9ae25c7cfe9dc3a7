import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { stagedRows } from '../../../../activities/duckdb/staged-tables.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { ingestSource } from '../../../../activities/ingest/ingest-source.ts';
import { openLake } from '../../../../activities/lake/lake.ts';
import { compileTableSource } from '../../../../activities/plan/compile-databases.ts';
import { postgresTable } from '../../../../workflows/definition/index.ts';
import { tellPostgres } from '../../../support/postgres.ts';
import { quietWork } from '../../../support/work.ts';
import { read, RUN, useServer } from './source-database.ts';

const server = useServer();

type Options = Parameters<typeof postgresTable>[2];

/** Reads the table `t` of a new database, and holds it against a contract. */
async function staged(statements: readonly string[], options: Options) {
  const url = await server().database();
  await tellPostgres(url, ...statements);
  const source = compileTableSource('t', postgresTable('SHOP_URL', 't', options), undefined);
  const format = source.kind === 'jsonl' ? 'jsonl' : 'parquet';
  const { snapshot, lake } = await read(url, [{ table: 't', format }]);
  const landed = snapshot.tables[0]?.landed ?? '';
  const result = await ingestSource({ run: RUN, lake, source: { ...source, failAbove: 1, landed } }, quietWork());
  const rows = (uris: readonly string[]) =>
    withSession(undefined, async (session) =>
      session.rows(`SELECT * FROM ${await stagedRows(openLake(lake), { uris })} ORDER BY ALL`),
    );
  const tables: Record<string, unknown[]> = {};
  for (const { name, uris } of result.tables) tables[name] = await rows(uris);
  return { result, tables, quarantine: await rows([result.quarantine]) };
}

test('rows that are as the contract says are staged as they were landed, and not written again', async () => {
  const { result, tables } = await staged(
    [
      'CREATE TABLE t (id int, amount numeric(12,2), at timestamptz, doc jsonb)',
      `INSERT INTO t VALUES (1, 1.50, '2026-01-01 00:00+00', '{"a": 1}')`,
    ],
    { columns: { id: 'integer!', amount: 'decimal(12,2)', at: 'timestamptz', doc: 'text' }, key: ['id'] },
  );
  expect(tables['t']).toEqual([
    {
      id: '1',
      amount: '1.50',
      at: '2026-01-01 00:00:00+00',
      doc: '{"a": 1}',
      _file: 'public.t',
      _line: '1',
      _offset: '0',
      _length: '0',
    },
  ]);
  const { nlink } = await stat(fileURLToPath(result.tables[0]?.uris[0] ?? ''));
  expect(nlink).toBe(2);
});

test('a row that is not goes into quarantine; the others are staged', async () => {
  const { result, tables, quarantine } = await staged(
    [
      'CREATE TABLE t (id int, amount numeric(12,2), at timestamptz, name text)',
      `INSERT INTO t VALUES (1, 'NaN', now(), 'a'), (2, 2, 'infinity', 'b'), (3, 3, '12000-01-01', 'c'), (4, 4, now(), ' '), (5, 5, now(), 'e'), (5, 6, now(), 'f')`,
    ],
    { columns: { id: 'integer!', amount: 'decimal(12,2)!', at: 'timestamptz!', name: 'text!' }, key: ['id'] },
  );
  expect(result).toMatchObject({ read: 6, staged: 1, quarantined: 5 });
  expect(tables['t']).toMatchObject([{ id: '5', amount: '5.00', name: 'e' }]);
  expect(quarantine.map((row) => (row as { reason: string }).reason).sort()).toEqual([
    expect.stringContaining('amount') as string,
    expect.stringContaining('at:') as string,
    expect.stringContaining('at:') as string,
    'duplicate id',
    expect.stringContaining('name: blank') as string,
  ]);
});

test('lists of jsonb become tables, each number as it stands there', async () => {
  const { tables } = await staged(
    [
      'CREATE TABLE t (id int, tags jsonb)',
      `INSERT INTO t VALUES (1, '[{"tag": "a", "weight": 12345678901234567.89}, {"tag": "b"}]'), (2, '[]'), (3, NULL)`,
    ],
    {
      columns: { id: 'integer!', 'tags[].tag': 'text', 'tags[].weight': 'decimal(20,2)' },
      key: ['id'],
      nested: { tags: 'tables' },
    },
  );
  expect(tables['t']).toHaveLength(3);
  expect(tables['t_tags']).toMatchObject([
    { _parent: '1', _position: '1', tag: 'a', weight: '12345678901234567.89' },
    { _parent: '1', _position: '2', tag: 'b', weight: null },
  ]);
});

test('a contract that evolves follows the source; one that does not quarantines what no longer fits', async () => {
  const rows = [
    'CREATE TABLE t (id int, amount numeric(16,4), note text)',
    `INSERT INTO t VALUES (1, 1.5, 'x'), (2, 123456789012.3456, 'y')`,
  ];
  const columns = { id: 'integer!', amount: 'decimal(12,2)' };
  const wide = await staged(rows, { columns, contract: 'evolve' });
  expect(wide.result.guards.find(({ name }) => name === 't: evolved')?.detail).toMatch(
    /"amount" is decimal\(1\d,4\), and was decimal\(12,2\); "note" is new, text/,
  );
  expect(wide.tables['t']).toMatchObject([
    { amount: '1.5000', note: 'x' },
    { amount: '123456789012.3456', note: 'y' },
  ]);
  const strict = await staged(rows, { columns });
  expect(strict.result).toMatchObject({ read: 2, staged: 1, quarantined: 1 });
});

test('a table whose columns have the names of provenance is refused, or its own rows are not taken for ours', async () => {
  const made = ['CREATE TABLE t (id int, _line bigint)', 'INSERT INTO t VALUES (1, 77)'];
  const { tables } = await staged(made, { columns: { id: 'integer!' } });
  expect(tables['t']).toMatchObject([{ id: '1', _line: '1' }]);
});
