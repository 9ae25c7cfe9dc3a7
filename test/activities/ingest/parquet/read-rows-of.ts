import { join } from 'node:path';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { withSession, type Session } from '../../../../activities/duckdb/session.ts';
import { readParquet } from '../../../../activities/ingest/parquet/read-parquet.ts';
import { carrierOf } from '../../../../activities/ingest/contract/settled.ts';
import type { RowColumn, RowLayout, RowTable } from '../../../../activities/ingest/rows/layout.ts';
import type { FieldFinding, RowsSummary } from '../../../../activities/ingest/rows/reading.ts';
import { parseColumnType, type ColumnType } from '../../../../workflows/definition/index.ts';

export type Row = Record<string, unknown>;

export interface ReadRows {
  readonly summary: RowsSummary;
  readonly good: Readonly<Record<string, readonly Row[]>>;
  readonly suspect: Readonly<Record<string, readonly Row[]>>;
  /** DuckDB's types of the good rows' columns, by table. */
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const NOTHING_KNOWN: RowLayout = {
  tables: [{ name: 'rows', path: '', columns: [] }],
  key: [],
  asJson: [],
  leftOut: [],
};

/** Writes a query's rows as a Parquet file. */
export async function writeParquet(folder: string, query: string): Promise<string> {
  const path = join(folder, `in-${Math.random()}.parquet`);
  await withSession(undefined, (session) => session.run(`COPY (${query}) TO ${literal(path)} (FORMAT parquet)`));
  return path;
}

/** Columns of a layout, declared as in a contract. */
export function columnsOf(
  columns: Readonly<Record<string, string>>,
  onMisfit: RowColumn['onMisfit'] = 'suspect',
): RowColumn[] {
  return Object.entries(columns).map(([field, text]) => {
    const parsed = parseColumnType(text);
    if (!parsed) throw new Error(`no type: ${text}`);
    return columnOf(field, parsed.type, parsed.required, onMisfit);
  });
}

/** A layout that takes in all findings of a first look, as they are. */
export function layoutFrom(findings: readonly FieldFinding[], more: Partial<RowLayout> = {}): RowLayout {
  const [records, ...lists] = ['', ...listsOf(findings)].map((path): RowTable => {
    const columns = findings
      .filter(({ table, kind }) => table === path && kind === 'value')
      .map(({ field, type = { kind: 'text' } }) => columnOf(field, type, false, 'widen'));
    return { name: path === '' ? 'rows' : path, path, columns };
  });
  return { ...NOTHING_KNOWN, ...more, tables: [records!, ...lists] };
}

export async function readRowsOf(path: string, folder: string, layout?: RowLayout): Promise<ReadRows> {
  return withSession(undefined, async (session) => {
    const known = layout ?? layoutFrom((await look(session, path, folder)).findings);
    const summary = await readParquet(session, { path, name: 'in.parquet', layout: known, folder });
    const good: Record<string, Row[]> = {};
    const suspect: Record<string, Row[]> = {};
    const types: Record<string, Record<string, string>> = {};
    for (const table of summary.tables) {
      good[table.name] = await rowsOf(session, table.good?.path);
      suspect[table.name] = await rowsOf(session, table.suspect?.path);
      if (!table.good) continue;
      const columns = await session.rows<{ column_name: string; column_type: string }>(
        `DESCRIBE SELECT * FROM read_parquet(${literal(table.good.path)})`,
      );
      types[table.name] = Object.fromEntries(columns.map((column) => [column.column_name, column.column_type]));
    }
    return { summary, good, suspect, types };
  });
}

export async function look(
  session: Session,
  path: string,
  folder: string,
  asJson: string[] = [],
): Promise<RowsSummary> {
  return readParquet(session, { path, name: 'in.parquet', layout: { ...NOTHING_KNOWN, asJson }, folder, sample: true });
}

function columnOf(field: string, type: ColumnType, required: boolean, onMisfit: RowColumn['onMisfit']): RowColumn {
  const settled = {
    name: field,
    list: '',
    field,
    type,
    required,
    formats: [],
    origin: 'inferred',
    absentIn: [],
    isKey: false,
    evolves: true,
  } as const;
  return { name: field, field, carrier: carrierOf(settled), required, onMisfit };
}

function listsOf(findings: readonly FieldFinding[]): string[] {
  return findings.flatMap(({ table, field, kind }) =>
    kind === 'list' ? [`${[table, field].filter((part) => part !== '').join('.')}[]`] : [],
  );
}

async function rowsOf(session: Session, path: string | undefined): Promise<Row[]> {
  return path === undefined ? [] : session.rows<Row>(`SELECT * FROM read_parquet(${literal(path)})`);
}
