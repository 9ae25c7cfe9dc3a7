import type { TargetPlan } from '../../workflows/definition/index.ts';
import type { DrainTotals } from '../../workflows/drain-contract.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import { plus, type RowsDigest } from '../duckdb/rows-digest.ts';
import type { Session } from '../duckdb/session.ts';
import { ask } from './postgres.ts';
import { SINK_TABLES } from './sink-tables.ts';

const MOST_REASONS = 20;

interface LedgerRow {
  readonly read: string;
  readonly inserted: string;
  readonly unchanged: string;
  readonly quarantined: string;
  readonly unknown_shape: string;
  readonly reasons: string;
  readonly digest: string;
}

/** What all batches of a source in one run came to, whoever has written them: attempts that were killed count as well. */
export async function drainTotals(
  session: Session,
  { schema, table }: TargetPlan,
  runId: string,
  source: string,
): Promise<DrainTotals> {
  const rows = await ask<LedgerRow>(
    session,
    'sink',
    `SELECT read, inserted, unchanged, quarantined, unknown_shape, reasons::text AS reasons, digest
       FROM ${identifier(schema)}.${identifier(SINK_TABLES.batches)}
      WHERE run_id = ${literal(runId)} AND table_name = ${literal(table)} AND slice = ${literal(source)}`,
  );
  const sum = (name: 'read' | 'inserted' | 'unchanged' | 'quarantined' | 'unknown_shape'): number =>
    rows.reduce((all, row) => all + Number(row[name]), 0);
  return {
    batches: rows.length,
    read: sum('read'),
    inserted: sum('inserted'),
    unchanged: sum('unchanged'),
    quarantined: sum('quarantined'),
    unknownShape: sum('unknown_shape'),
    reasons: joinedReasons(rows.map(({ reasons }) => JSON.parse(reasons) as Reason[])),
    digest: rows.reduce((all: RowsDigest, { digest }) => plus(all, { rows: 0, digest }), NOTHING).digest,
  };
}

const NOTHING: RowsDigest = { rows: 0, digest: '0'.repeat(32) };

interface Reason {
  readonly reason: string;
  readonly rows: number;
}

function joinedReasons(lists: readonly (readonly Reason[])[]): Reason[] {
  const counts = new Map<string, number>();
  for (const { reason, rows } of lists.flat()) counts.set(reason, (counts.get(reason) ?? 0) + rows);
  return [...counts]
    .map(([reason, rows]) => ({ reason, rows }))
    .sort((a, b) => b.rows - a.rows || (a.reason < b.reason ? -1 : 1))
    .slice(0, MOST_REASONS);
}
