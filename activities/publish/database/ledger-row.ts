import type { LoadMode } from '../../../workflows/definition/index.ts';
import { receiptKey } from '../../../workflows/receipt.ts';
import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';

/** What a ledger holds, whatever keeps it. */

/** The table in which a destination records what was loaded, in the same transaction as the rows. */
export const LEDGER = '_acequia_ledger';

/** One load of one table. Rows are only ever added. */
export interface LedgerEntry extends Omit<PublishedTable, 'differences'> {
  readonly pipeline: string;
  readonly rootRunId: string;
  /** ISO instant at which that run's workflow asked for the load. */
  readonly requestedAt: string;
}

/** A load as whoever verifies needs it. */
export interface LoadRecord {
  readonly loadId: string;
  readonly runId: string;
  readonly pipeline: string;
  readonly mode: LoadMode;
  /** The table is one that Acequia created. */
  readonly made: boolean;
  /** ISO instant. */
  readonly requestedAt: string;
}

/** What a ledger has had since its first version. */
export const FIRST = {
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

/**
 * What came later. An older ledger's rows have NULL there: `load_mode` was `replace`, `made` was 1. `receipt` is a key of the
 * lake, `ddl` and `overrides` are JSON, `position` is how far a table that is loaded in parts has come.
 */
export const LATER = {
  load_mode: 'VARCHAR',
  made: 'BIGINT',
  receipt: 'VARCHAR',
  ddl: 'VARCHAR',
  overrides: 'VARCHAR',
  position: 'VARCHAR',
} as const;

/** A row as it comes: everything as text. */
export type LedgerRow = Readonly<Record<keyof typeof FIRST, string> & Record<keyof typeof LATER, string | null>>;

/** The row of a load, but for its place among the others. `made`: the table is one that Acequia created. */
export function ledgerRow(
  { run, requestedAt, positions, overrides }: PublishRequest,
  table: Omit<PublishedTable, 'differences'>,
  mode: LoadMode,
  made: boolean,
): Omit<LedgerRow, 'sequence'> {
  return {
    load_id: table.loadId,
    run_id: run.runId,
    root_run_id: run.rootRunId,
    requested_at: requestedAt,
    pipeline: run.pipeline,
    table_name: table.name,
    slice: 'all',
    rows: String(table.rows),
    inserted: String(table.inserted),
    updated: String(table.updated),
    unchanged: String(table.unchanged),
    removed: String(table.removed),
    digest: table.digest,
    published_at: new Date().toISOString(),
    load_mode: mode,
    made: made ? '1' : '0',
    receipt: receiptKey(run),
    ddl: table.ddl?.length ? JSON.stringify(table.ddl) : null,
    overrides: overrides.length > 0 ? JSON.stringify(overrides) : null,
    position: positions?.[table.name] ?? null,
  };
}

export function entryIn(row: LedgerRow, destination: string): LedgerEntry {
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
    pipeline: row.pipeline,
    rootRunId: row.root_run_id,
    requestedAt: row.requested_at,
    ...(row.ddl ? { ddl: statementsIn(row.ddl) } : {}),
  };
}

export function recordIn(row: LedgerRow): LoadRecord {
  return {
    loadId: row.load_id,
    runId: row.run_id,
    pipeline: row.pipeline,
    mode: (row.load_mode as LoadMode | null) ?? 'replace',
    made: row.made === null || Number(row.made) === 1,
    requestedAt: row.requested_at,
  };
}

function statementsIn(json: string): string[] {
  try {
    return JSON.parse(json) as string[];
  } catch {
    throw changedLedger('Its column ddl does not hold JSON.');
  }
}

/** A ledger that somebody has changed is neither read nor written: what was loaded can no longer be told from it. */
export function changedLedger(why: string): AcequiaError {
  return new AcequiaError('DestinationNotOurs', {
    what: 'The ledger of what was loaded was changed by somebody else. Nothing was changed.',
    where: LEDGER,
    why,
    remedy:
      'restore it; or rename it: a new one is made, which knows no earlier loads, so that tables which are to be replaced must be renamed, too',
  });
}
