import type { LoadMode, TablePlan } from '../../workflows/definition/index.ts';
import type { PublishRequest, StagedTable } from '../../workflows/stages.ts';
import { identifier, identifiers } from '../duckdb/identifiers.ts';
import { rowsDigest, stableDigest, type RowsDigest } from '../duckdb/rows-digest.ts';
import type { Session } from '../duckdb/session.ts';
import { stagedRows } from '../duckdb/staged-tables.ts';
import { openLake } from '../lake/lake.ts';
import { isProvenance } from '../names/provenance.ts';
import { loadIdOf } from './load-id.ts';
import { ownColumns } from './modes/own-columns.ts';
import { keyBroken, noColumns, noKey, noSuchColumn, takenName } from './refusals.ts';
import { temporary } from './scratch-names.ts';

/** Whether a type of DuckDB is one of texts. */
export function isText(type: string): boolean {
  return type === 'VARCHAR' || type === 'JSON';
}

/** A column of a load: DuckDB's name of its type, and the value as an expression over the staged rows. */
export interface LoadColumn {
  readonly name: string;
  readonly type: string;
  readonly expression: string;
}

/** A table on its way, as a view in DuckDB's own temporary schema. */
export interface Load {
  readonly table: TablePlan;
  readonly mode: LoadMode;
  /** As staged. */
  readonly staged: readonly LoadColumn[];
  /** As the destination will hold them. */
  readonly columns: readonly LoadColumn[];
  readonly relation: string;
  readonly content: RowsDigest;
  readonly loadId: string;
}

/** How a destination holds a column. */
export type ColumnMapping = (name: string, type: string) => MappedColumn;

/** How a destination likes to hold a column, and how where that would not give back a value. */
export interface MappedColumn extends LoadColumn {
  /** `lost`: a condition over the staged rows. Absent: every value fits. */
  readonly otherwise?: { readonly lost: string; readonly column: LoadColumn };
}

/** Modes that find rows by their key. */
const BY_KEY: readonly LoadMode[] = ['merge', 'delete-missing', 'scd2'];

/** Finds the staged rows of a table, maps their columns to the destination's, and holds them against the table's key. */
export async function stagedLoad(
  session: Session,
  request: PublishRequest,
  table: TablePlan,
  mapping: ColumnMapping,
): Promise<Load> {
  const files = request.tables.find(({ name }) => name === table.name);
  if (!files) throw new Error(`the plan publishes ${table.name}, which nothing made`);
  const mode = table.mode ?? 'replace';
  if (BY_KEY.includes(mode) && table.key.length === 0) throw noKey(request, table.name, mode);
  const staged = await stagedView(session, request, table, files);
  requireFreeNames(request, table, staged);
  const planned = asSpelled(request, table, staged);
  const mapped = staged.map(({ name, type }) => mapping(name, type));
  const columns = await settleColumns(session, temporary('staged', table.name), mapped, mode);
  const relation = await loadView(session, table.name, columns);
  const names = columns.map(({ name }) => name);
  const content = await rowsDigest(session, relation, names);
  await requireKey(session, request, planned, relation, content.rows);
  // Only where rows are added must the same load be recognised a year and a version of DuckDB later.
  const identity =
    files.identity ?? (mode === 'append' ? await stableDigest(session, relation, names) : content).digest;
  return {
    ...{ table: planned, mode, staged, columns, relation, content },
    loadId: loadIdOf(request.run.pipeline, table, identity),
  };
}

/** How a destination holds a column to which rows may be added one day: in the way that gives back any value. */
export function holdAny({ otherwise, ...column }: MappedColumn): LoadColumn {
  return otherwise?.column ?? column;
}

/**
 * Of two ways to hold a column the one that gives back every value: of these rows, where they are all that the table will
 * hold; of any to come, where others are added.
 */
async function settleColumns(
  session: Session,
  relation: string,
  mapped: readonly MappedColumn[],
  mode: LoadMode,
): Promise<LoadColumn[]> {
  if (mode !== 'replace') return mapped.map(holdAny);
  const lost = await countRows(
    session,
    relation,
    mapped.map(({ otherwise }) => otherwise?.lost),
  );
  return mapped.map(({ otherwise, ...column }, index) => (otherwise && lost[index]! > 0 ? otherwise.column : column));
}

/** How many rows meet each of some conditions, in one pass; 0 where there is none. */
export async function countRows(
  session: Session,
  relation: string,
  conditions: readonly (string | undefined)[],
): Promise<number[]> {
  if (conditions.every((condition) => condition === undefined)) return conditions.map(() => 0);
  const counts = conditions.map((condition, index) => `count(*) FILTER (${condition ?? 'false'}) AS n${index}`);
  const [row] = await session.rows<Record<string, string>>(`SELECT ${counts.join(', ')} FROM ${relation}`);
  return conditions.map((_, index) => Number(row?.[`n${index}`] ?? 0));
}

/** The load with its columns as a table wants them that is there already. */
export async function refit(session: Session, load: Load, columns: readonly LoadColumn[]): Promise<Load> {
  const relation = await loadView(session, load.table.name, columns);
  const content = await rowsDigest(
    session,
    relation,
    columns.map(({ name }) => name),
  );
  return { ...load, columns, relation, content };
}

/** The load with further columns behind its own, which stand for the same in every row. */
export async function extended(session: Session, load: Load, more: readonly LoadColumn[]): Promise<Load> {
  const columns = [...load.columns, ...more];
  return { ...load, columns, relation: await loadView(session, load.table.name, columns, 'extended') };
}

async function stagedView(
  session: Session,
  request: PublishRequest,
  table: TablePlan,
  files: StagedTable,
): Promise<LoadColumn[]> {
  const rows = await stagedRows(openLake(request.lake), files);
  const view = temporary('staged', table.name);
  const declared = table.columns.map(({ name, type }) => `CAST(${identifier(name)} AS ${type}) AS ${identifier(name)}`);
  await session.run(`CREATE OR REPLACE TEMP VIEW ${local(view)} AS SELECT ${declared.join(', ') || '*'} FROM ${rows}`);
  const described = await session.rows<{ column_name: string; column_type: string }>(`DESCRIBE ${view}`);
  return described
    .filter(({ column_name: name }) => table.from !== 'source' || !isProvenance(name))
    .map(({ column_name: name, column_type: type }) => ({ name, type, expression: identifier(name) }));
}

async function loadView(
  session: Session,
  table: string,
  columns: readonly LoadColumn[],
  kind = 'load',
): Promise<string> {
  const view = temporary(kind, table);
  const select = columns.map(({ name, expression }) => `${expression} AS ${identifier(name)}`).join(', ');
  await session.run(
    `CREATE OR REPLACE TEMP VIEW ${local(view)} AS SELECT ${select} FROM ${temporary('staged', table)}`,
  );
  return view;
}

/** `CREATE TEMP VIEW` wants the bare name. */
function local(name: string): string {
  return name.replace('temp.main.', '');
}

/** The plan of a table with the columns that it names written as the load writes them, all of which are there. */
function asSpelled(request: PublishRequest, table: TablePlan, columns: readonly LoadColumn[]): TablePlan {
  if (columns.length === 0) throw noColumns(request, table.name);
  const names = columns.map(({ name }) => name);
  const spelled = (role: string) => (wanted: string) => {
    const found =
      names.find((name) => name === wanted) ?? names.find((name) => name.toLowerCase() === wanted.toLowerCase());
    if (found !== undefined) return found;
    if (ownColumns(table).includes(wanted)) return wanted;
    throw noSuchColumn(request, table.name, wanted, role, names);
  };
  return {
    ...table,
    key: table.key.map(spelled('part of the key')),
    indexes: table.indexes.map((index) => index.map(spelled('part of an index'))),
    references: table.references.map((reference) => ({
      ...reference,
      column: spelled('a reference to another table')(reference.column),
    })),
    ...(table.keepLatestBy
      ? { keepLatestBy: table.keepLatestBy.map(spelled('what tells which row is the later one')) }
      : {}),
    ...(table.partOf ? { partOf: table.partOf.map(spelled('what the rows are parts of')) } : {}),
    ...(table.partitionBy ? { partitionBy: table.partitionBy.map(spelled('what the table is partitioned by')) } : {}),
  };
}

/** A mode that keeps columns of its own in a table finds their names free. */
function requireFreeNames(request: PublishRequest, table: TablePlan, columns: readonly LoadColumn[]): void {
  const own = ownColumns(table);
  const taken = columns.find(({ name }) => own.includes(name.toLowerCase()));
  if (taken) throw takenName(request, table, taken.name);
}

async function requireKey(
  session: Session,
  request: PublishRequest,
  table: TablePlan,
  relation: string,
  rows: number,
): Promise<void> {
  const { key } = table;
  if (key.length === 0) return;
  const isNull = key.map((column) => `${identifier(column)} IS NULL`).join(' OR ');
  const distinct = await session.count(
    `SELECT count(*) FROM (SELECT DISTINCT ${identifiers(key)} FROM ${relation} WHERE NOT (${isNull}))`,
  );
  if (distinct !== rows) throw keyBroken(request, table, rows - distinct);
}
