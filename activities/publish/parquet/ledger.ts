import type { LoadMode } from '../../../workflows/definition/index.ts';
import { receiptKey } from '../../../workflows/receipt.ts';
import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { ThereColumn } from '../fit-columns.ts';

/** The key of a Parquet file's own metadata under which it carries its ledger: rows and ledger become visible in one rename. */
export const LEDGER = 'acequia_ledger';

/** One load of one table. */
export interface ParquetEntry extends Omit<PublishedTable, 'differences' | 'destination'> {
  readonly mode: LoadMode;
  readonly pipeline: string;
  readonly runId: string;
  readonly rootRunId: string;
  /** ISO instant at which that run's workflow asked for the load. */
  readonly requestedAt: string;
  /** ISO instant. */
  readonly publishedAt: string;
  /** Of the receipt, in the lake. */
  readonly receipt?: string;
  readonly overrides?: PublishRequest['overrides'];
  /** How far a table that is loaded in parts has come. */
  readonly position?: string;
  /** Columns whose values stand in the names of folders, with DuckDB's names of their types. */
  readonly partitions?: readonly ThereColumn[];
}

/**
 * The ledgers of some files as one, in the order in which their loads were asked for; `undefined` when one of them carries none.
 * A load that wrote several files stands in each of them, and here once.
 */
export async function readLedgers(
  session: Session,
  files: readonly string[],
): Promise<readonly ParquetEntry[] | undefined> {
  if (files.length === 0) return [];
  const rows = await session.rows<{ ledger: string }>(
    `SELECT decode(value) AS ledger FROM parquet_kv_metadata([${files.map(literal).join(', ')}]) WHERE decode(key) = ${literal(LEDGER)}`,
  );
  if (rows.length !== files.length) return undefined;
  const entries = rows.flatMap(({ ledger }) => {
    const parsed: unknown = JSON.parse(ledger);
    return Array.isArray(parsed) ? parsed.filter(isEntry) : [];
  });
  const moment = ({ requestedAt }: ParquetEntry): number => Date.parse(requestedAt);
  const loads = [...new Map(entries.map((entry) => [loadOf(entry), entry])).values()];
  // One file's entries are in their order already, and two of one instant stay so.
  return files.length === 1 ? loads : loads.sort((a, b) => moment(a) - moment(b));
}

/** How far a table has come by its loads since it was last replaced; `undefined` where none of them says so. */
export async function latestPosition(session: Session, files: readonly string[]): Promise<string | undefined> {
  const entries = (await readLedgers(session, files)) ?? [];
  return entries.findLast(({ position, mode }) => position !== undefined || mode === 'replace')?.position;
}

/** Those of some files that carry no ledger: somebody else has written them. */
export async function withoutLedger(session: Session, files: readonly string[]): Promise<string[]> {
  if (files.length === 0) return [];
  const rows = await session.rows<{ file: string }>(
    `SELECT DISTINCT file_name AS file FROM parquet_kv_metadata([${files.map(literal).join(', ')}]) WHERE decode(key) = ${literal(LEDGER)}`,
  );
  const own = new Set(rows.map(({ file }) => file));
  return files.filter((file) => !own.has(file));
}

export function newEntry(
  { run, requestedAt, overrides, positions = {} }: PublishRequest,
  { destination: _, differences: __, ...table }: PublishedTable,
  mode: LoadMode,
  partitions: readonly ThereColumn[],
): ParquetEntry {
  const { pipeline, runId, rootRunId } = run;
  return {
    ...table,
    ...{ mode, pipeline, runId, rootRunId, requestedAt, publishedAt: new Date().toISOString() },
    receipt: receiptKey(run),
    ...(overrides.length > 0 ? { overrides } : {}),
    ...(positions[table.name] === undefined ? {} : { position: positions[table.name] }),
    ...(partitions.length > 0 ? { partitions } : {}),
  };
}

function loadOf({ runId, loadId, requestedAt }: ParquetEntry): string {
  return [runId, loadId, requestedAt].join(' ');
}

function isEntry(entry: unknown): entry is ParquetEntry {
  return typeof entry === 'object' && entry !== null && 'loadId' in entry && 'rootRunId' in entry;
}
