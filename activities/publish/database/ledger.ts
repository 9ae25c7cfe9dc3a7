import type { LoadMode } from '../../../workflows/definition/index.ts';
import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { DatabaseEngine } from './engine.ts';

/** The table in which a destination records what was loaded, in the same transaction as the rows. */
export const LEDGER = '_acequia_ledger';

/** One load of one table. Rows are only ever added. */
export interface LedgerEntry extends Omit<PublishedTable, 'differences'> {
  readonly pipeline: string;
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
  load_mode: 'VARCHAR',
  made: 'BIGINT',
} as const;

/** Columns that a ledger of an earlier version lacks, and what its rows mean by that. */
const LATER = { load_mode: 'replace', made: 1 } as const;

export async function createLedger(session: Session, engine: DatabaseEngine): Promise<void> {
  const there = await engine.tableAt(session, LEDGER);
  if (there) {
    for (const name of ['load_mode', 'made'] as const) {
      if (there.columns.some((column) => column.name === name)) continue;
      await session.run(`ALTER TABLE ${LEDGER} ADD COLUMN ${name} ${COLUMNS[name]}`);
    }
    return;
  }
  const columns = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}${name in LATER ? '' : ' NOT NULL'}`);
  await session.run(`CREATE TABLE ${LEDGER} (${columns.join(', ')}, PRIMARY KEY (sequence))`);
}

/** The latest load of a table, whichever pipeline made it or, if one is given, of that one. */
export function latestEntry(
  session: Session,
  destination: string,
  table: string,
  pipeline?: string,
): Promise<LedgerEntry | undefined> {
  return pipeline === undefined
    ? entry(session, destination, 'table_name = $table', { table })
    : entry(session, destination, 'table_name = $table AND pipeline = $pipeline', { table, pipeline });
}

/** A load by its id, if nothing has replaced the table since. */
export function entryOfLoad(
  session: Session,
  destination: string,
  table: string,
  load: string,
): Promise<LedgerEntry | undefined> {
  const replaced = `SELECT max(sequence) FROM ${LEDGER} WHERE table_name = $table AND coalesce(load_mode, 'replace') = 'replace'`;
  return entry(
    session,
    destination,
    `table_name = $table AND load_id = $load AND sequence >= coalesce((${replaced}), 0)`,
    { table, load },
  );
}

/** Whether a load of ours made the table, rather than adding to somebody else's. */
export async function isOurs(session: Session, table: string): Promise<boolean> {
  const made = `SELECT count(*) FROM ${LEDGER} WHERE table_name = $table AND coalesce(made, 1) = 1`;
  return (await session.count(made, { table })) > 0;
}

async function entry(
  session: Session,
  destination: string,
  condition: string,
  values: Record<string, string>,
): Promise<LedgerEntry | undefined> {
  const [row] = await session.rows<Record<keyof typeof COLUMNS, string>>(
    `SELECT * FROM ${LEDGER} WHERE ${condition} ORDER BY sequence DESC LIMIT 1`,
    values,
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
    pipeline: row.pipeline,
    rootRunId: row.root_run_id,
    requestedAt: row.requested_at,
  };
}

/** `made`: the table is one that Acequia created. */
export async function addEntry(
  session: Session,
  request: PublishRequest,
  table: Omit<PublishedTable, 'differences'>,
  mode: LoadMode,
  made: boolean,
): Promise<void> {
  const { run, requestedAt } = request;
  const values: Record<keyof typeof COLUMNS, string> = {
    sequence: `(SELECT coalesce(max(sequence), 0) + 1 FROM ${LEDGER})`,
    load_id: literal(table.loadId),
    run_id: literal(run.runId),
    root_run_id: literal(run.rootRunId),
    requested_at: literal(requestedAt),
    pipeline: literal(run.pipeline),
    table_name: literal(table.name),
    slice: literal('all'),
    rows: String(table.rows),
    inserted: String(table.inserted),
    updated: String(table.updated),
    unchanged: String(table.unchanged),
    removed: String(table.removed),
    digest: literal(table.digest),
    published_at: literal(new Date().toISOString()),
    load_mode: literal(mode),
    made: made ? '1' : '0',
  };
  const names = Object.keys(values).map(identifier).join(', ');
  await session.run(`INSERT INTO ${LEDGER} (${names}) SELECT ${Object.values(values).join(', ')}`);
}
