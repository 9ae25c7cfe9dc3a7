import type { LoadMode } from '../../../workflows/definition/index.ts';
import { receiptKey } from '../../../workflows/receipt.ts';
import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { DatabaseEngine, TableThere } from './engine.ts';

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
const FIRST = {
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
const LATER = {
  load_mode: 'VARCHAR',
  made: 'BIGINT',
  receipt: 'VARCHAR',
  ddl: 'VARCHAR',
  overrides: 'VARCHAR',
  position: 'VARCHAR',
} as const;

type LedgerRow = Readonly<Record<keyof typeof FIRST, string> & Record<keyof typeof LATER, string | null>>;

/** Makes the ledger, or gives one of an earlier version the columns it lacks. */
export async function ensureLedger(session: Session, engine: DatabaseEngine): Promise<void> {
  const there = await engine.tableAt(session, LEDGER);
  if (there) {
    requireSound(there);
    for (const [name, type] of Object.entries(LATER)) {
      if (there.columns.some((column) => column.name === name)) continue;
      await session.run(`ALTER TABLE ${LEDGER} ADD COLUMN ${name} ${type}`);
    }
    return;
  }
  const columns = [
    ...Object.entries(FIRST).map(([name, type]) => `${name} ${type} NOT NULL`),
    ...Object.entries(LATER).map(([name, type]) => `${name} ${type}`),
  ];
  const key = engine.indexedRows > 0 ? ['PRIMARY KEY (sequence)'] : [];
  await session.run(`CREATE TABLE ${LEDGER} (${[...columns, ...key].join(', ')})`);
}

/** A ledger that somebody has changed is neither read nor written: what was loaded can no longer be told from it. */
function requireSound({ kind, columns }: TableThere): void {
  if (kind !== 'table') throw changedLedger(`A ${kind} stands in its place.`);
  const problems = Object.entries({ ...FIRST, ...LATER }).flatMap(([name, type]) => {
    const found = columns.find((column) => column.name === name);
    if (!found) return name in FIRST ? [`The column ${name} is missing.`] : [];
    return found.type === type ? [] : [`The column ${name} is ${found.type}, and was ${type}.`];
  });
  if (problems.length > 0) throw changedLedger(problems.join(' '));
}

function changedLedger(why: string): AcequiaError {
  return new AcequiaError('DestinationNotOurs', {
    what: 'The ledger of what was loaded was changed by somebody else. Nothing was changed.',
    where: LEDGER,
    why,
    remedy:
      'restore it; or rename it: a new one is made, which knows no earlier loads, so that tables which are to be replaced must be renamed, too',
  });
}

/** The latest load of a table, whichever pipeline made it or, if one is given, of that one. */
export function latestEntry(
  session: Session,
  destination: string,
  table: string,
  pipeline?: string,
): Promise<LedgerEntry | undefined> {
  const of = pipeline === undefined ? '' : ` AND pipeline = ${literal(pipeline)}`;
  return entry(session, destination, `table_name = ${literal(table)}${of}`);
}

/** A load by its id, if nothing has replaced the table since. */
export function entryOfLoad(
  session: Session,
  destination: string,
  table: string,
  load: string,
): Promise<LedgerEntry | undefined> {
  const ofTable = `table_name = ${literal(table)}`;
  const replaced = `SELECT max(sequence) FROM ${LEDGER} WHERE ${ofTable} AND coalesce(load_mode, 'replace') = 'replace'`;
  return entry(
    session,
    destination,
    `${ofTable} AND load_id = ${literal(load)} AND sequence >= coalesce((${replaced}), 0)`,
  );
}

/** Whether a load of ours made the table, rather than adding to somebody else's. */
export async function isOurs(session: Session, table: string): Promise<boolean> {
  const made = `SELECT count(*) FROM ${LEDGER} WHERE table_name = ${literal(table)} AND coalesce(made, 1) = 1`;
  return (await session.count(made)) > 0;
}

/** All loads of a table, in their order, with the runs that made them; none where there is no ledger. */
export async function entriesOf(session: Session, engine: DatabaseEngine, table: string): Promise<LoadRecord[]> {
  const there = await engine.tableAt(session, LEDGER);
  if (!there) return [];
  requireSound(there);
  const rows = await session.rows<LedgerRow>(
    `SELECT * FROM ${LEDGER} WHERE table_name = ${literal(table)} ORDER BY sequence`,
  );
  return rows.map((row) => ({
    loadId: row.load_id,
    runId: row.run_id,
    pipeline: row.pipeline,
    mode: (row.load_mode as LoadMode | null) ?? 'replace',
    made: row.made === null || Number(row.made) === 1,
    requestedAt: row.requested_at,
  }));
}

/** How far a table has come by its loads since it was last replaced; `undefined` where none of them says so. */
export async function positionIn(session: Session, engine: DatabaseEngine, table: string): Promise<string | undefined> {
  const there = await engine.tableAt(session, LEDGER);
  if (!there) return undefined;
  requireSound(there);
  if (!there.columns.some(({ name }) => name === 'position')) return undefined;
  const [row] = await session.rows<Pick<LedgerRow, 'position'>>(
    `SELECT position FROM ${LEDGER} WHERE table_name = ${literal(table)} AND (position IS NOT NULL OR coalesce(load_mode, 'replace') = 'replace')
      ORDER BY sequence DESC LIMIT 1`,
  );
  return row?.position ?? undefined;
}

async function entry(session: Session, destination: string, condition: string): Promise<LedgerEntry | undefined> {
  const [row] = await session.rows<LedgerRow>(
    `SELECT * FROM ${LEDGER} WHERE ${condition} ORDER BY sequence DESC LIMIT 1`,
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
    ...(row.ddl ? { ddl: statementsIn(row.ddl) } : {}),
  };
}

function statementsIn(json: string): string[] {
  try {
    return JSON.parse(json) as string[];
  } catch {
    throw changedLedger('Its column ddl does not hold JSON.');
  }
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
  const position = request.positions?.[table.name];
  const values: LedgerRow = {
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
    receipt: literal(receiptKey(run)),
    ddl: table.ddl?.length ? literal(JSON.stringify(table.ddl)) : 'NULL',
    overrides: request.overrides.length > 0 ? literal(JSON.stringify(request.overrides)) : 'NULL',
    position: position === undefined ? 'NULL' : literal(position),
  };
  const names = Object.keys(values).map(identifier).join(', ');
  await session.run(`INSERT INTO ${LEDGER} (${names}) SELECT ${Object.values(values).join(', ')}`);
}
