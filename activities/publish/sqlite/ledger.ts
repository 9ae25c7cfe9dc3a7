import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';

/** The table in which a destination records what was loaded, in the same transaction as the rows. */
export const LEDGER = '_acequia_ledger';

/** One load of one table. Rows are only ever added. */
export interface LedgerEntry extends Omit<PublishedTable, 'differences'> {
  readonly rootRunId: string;
  /** ISO instant at which that run's workflow asked for the load. */
  readonly requestedAt: string;
}

const COLUMNS = {
  sequence: 'BIGINT',
  load_id: 'VARCHAR',
  run_id: 'VARCHAR',
  root_run_id: 'VARCHAR',
  requested_at: 'VARCHAR',
  pipeline: 'VARCHAR',
  table_name: 'VARCHAR',
  slice: 'VARCHAR',
  rows: 'BIGINT',
  inserted: 'BIGINT',
  updated: 'BIGINT',
  unchanged: 'BIGINT',
  removed: 'BIGINT',
  digest: 'VARCHAR',
  published_at: 'VARCHAR',
} as const;

export async function createLedger(session: Session): Promise<void> {
  const columns = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type} NOT NULL`);
  await session.run(`CREATE TABLE IF NOT EXISTS ${LEDGER} (${columns.join(', ')}, PRIMARY KEY (sequence))`);
}

/** The latest load of a table, whichever pipeline made it; `undefined` when there was none. */
export async function latestEntry(
  session: Session,
  destination: string,
  table: string,
): Promise<LedgerEntry | undefined> {
  const [row] = await session.rows<Record<keyof typeof COLUMNS, string>>(
    `SELECT * FROM ${LEDGER} WHERE table_name = $table ORDER BY sequence DESC LIMIT 1`,
    { table },
  );
  if (!row) return undefined;
  return {
    name: row.table_name,
    destination,
    loadId: row.load_id,
    rows: Number(row.rows),
    inserted: Number(row.inserted),
    updated: Number(row.updated),
    unchanged: Number(row.unchanged),
    removed: Number(row.removed),
    digest: row.digest,
    rootRunId: row.root_run_id,
    requestedAt: row.requested_at,
  };
}

export async function addEntry(
  session: Session,
  request: PublishRequest,
  table: Omit<PublishedTable, 'differences'>,
): Promise<void> {
  const { run, requestedAt } = request;
  const values = [
    `(SELECT coalesce(max(sequence), 0) + 1 FROM ${LEDGER})`,
    ...[table.loadId, run.runId, run.rootRunId, requestedAt, run.pipeline, table.name, 'all'].map(literal),
    ...[table.rows, table.inserted, table.updated, table.unchanged, table.removed].map(String),
    literal(table.digest),
    literal(new Date().toISOString()),
  ];
  await session.run(`INSERT INTO ${LEDGER} SELECT ${values.join(', ')}`);
}
