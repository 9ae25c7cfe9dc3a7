import type { LoadMode } from '../../../workflows/definition/index.ts';
import type { PublishedTable, PublishRequest } from '../../../workflows/stages.ts';
import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { DatabaseEngine, TableThere } from './engine.ts';
import {
  changedLedger,
  entryIn,
  FIRST,
  LATER,
  LEDGER,
  ledgerRow,
  recordIn,
  type LedgerEntry,
  type LedgerRow,
  type LoadRecord,
} from './ledger-row.ts';

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

function requireSound({ kind, columns }: TableThere): void {
  if (kind !== 'table') throw changedLedger(`A ${kind} stands in its place.`);
  const problems = Object.entries({ ...FIRST, ...LATER }).flatMap(([name, type]) => {
    const found = columns.find((column) => column.name === name);
    if (!found) return name in FIRST ? [`The column ${name} is missing.`] : [];
    return found.type === type ? [] : [`The column ${name} is ${found.type}, and was ${type}.`];
  });
  if (problems.length > 0) throw changedLedger(problems.join(' '));
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
  return rows.map(recordIn);
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
  return row && entryIn(row, destination);
}

/** `made`: the table is one that Acequia created. */
export async function addEntry(
  session: Session,
  request: PublishRequest,
  table: Omit<PublishedTable, 'differences'>,
  mode: LoadMode,
  made: boolean,
): Promise<void> {
  const row = Object.entries(ledgerRow(request, table, mode, made));
  const names = ['sequence', ...row.map(([name]) => name)].map(identifier).join(', ');
  const values = row.map(([, value]) => (value === null ? 'NULL' : literal(value)));
  const sequence = `(SELECT coalesce(max(sequence), 0) + 1 FROM ${LEDGER})`;
  await session.run(`INSERT INTO ${LEDGER} (${names}) SELECT ${[sequence, ...values].join(', ')}`);
}
