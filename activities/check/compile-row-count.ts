import type { ModelDefinition } from '../../workflows/definition/index.ts';
import type { CountedSource } from '../../workflows/database.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import type { Query } from './compile-checks.ts';

/** What was counted in databases when they were read, as checks find it. */
export const SNAPSHOT_TABLE = 'acequia.snapshot';

/** `rows`: of the whole table there, whatever part of it was read; `quarantined`: of the rows that were read. */
export const SNAPSHOT_SCHEMA = [
  'CREATE SCHEMA IF NOT EXISTS acequia',
  `CREATE TABLE ${SNAPSHOT_TABLE} (source VARCHAR, rows BIGINT, quarantined BIGINT)`,
];

/** A table against the one that it is taken over from, as that was counted in the snapshot. */
export function rowCountQuery(table: string, { from = '' }: ModelDefinition): Query {
  const source = from.replace(/^source\./, '');
  return {
    statement: 'has as many rows as its source',
    sql: `SELECT rows AS in_source, there AS in_table, quarantined FROM ${SNAPSHOT_TABLE},
      (SELECT count(*) AS there FROM ${identifier(table)}) WHERE source = ${literal(source)} AND there + quarantined <> rows`,
    keys: ['in_source', 'in_table', 'quarantined'],
  };
}

/** Puts down what was counted. */
export async function noteCounts(session: Session, counted: readonly CountedSource[]): Promise<void> {
  for (const statement of SNAPSHOT_SCHEMA) await session.run(statement);
  for (const { source, rows, quarantined } of counted)
    await session.run(`INSERT INTO ${SNAPSHOT_TABLE} VALUES (${literal(source)}, ${rows}, ${quarantined})`);
}
