import type { LoadMode } from '../../../workflows/definition/index.ts';
import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';

/** The key of a Parquet file's own metadata under which it carries its ledger: rows and ledger become visible in one rename. */
export const LEDGER = 'acequia_ledger';

/** One load of one file. */
export interface ParquetEntry extends Omit<PublishedTable, 'differences' | 'destination'> {
  readonly mode: LoadMode;
  readonly pipeline: string;
  readonly runId: string;
  readonly rootRunId: string;
  /** ISO instant at which that run's workflow asked for the load. */
  readonly requestedAt: string;
  /** ISO instant. */
  readonly publishedAt: string;
}

/** The loads of a file, the latest last; `undefined` for a file that Acequia did not write. */
export async function readLedger(session: Session, file: string): Promise<readonly ParquetEntry[] | undefined> {
  const [row] = await session.rows<{ ledger: string }>(
    `SELECT decode(value) AS ledger FROM parquet_kv_metadata(${literal(file)}) WHERE decode(key) = $key`,
    { key: LEDGER },
  );
  if (!row) return undefined;
  const entries: unknown = JSON.parse(row.ledger);
  return Array.isArray(entries) ? entries.filter(isEntry) : undefined;
}

export function newEntry(
  { run, requestedAt }: PublishRequest,
  { destination: _, differences: __, ...table }: PublishedTable,
  mode: LoadMode,
): ParquetEntry {
  const { pipeline, runId, rootRunId } = run;
  return { ...table, mode, pipeline, runId, rootRunId, requestedAt, publishedAt: new Date().toISOString() };
}

function isEntry(entry: unknown): entry is ParquetEntry {
  return typeof entry === 'object' && entry !== null && 'loadId' in entry && 'rootRunId' in entry;
}
