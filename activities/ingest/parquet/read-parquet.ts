import { namesRows } from '../../names/provenance.ts';
import { join } from 'node:path';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { RowLayout, RowTable } from '../rows/layout.ts';
import type { RowFile, RowsSummary } from '../rows/reading.ts';
import { describeParquet, type ParquetDescription } from './describe-parquet.ts';
import { duckdbFails } from './duckdb-fails.ts';
import { isAsLaidOut, linkRows } from './own-rows.ts';
import { parquetFindings } from './parquet-findings.ts';
import { ENTRY, FILE, type ParquetList, type ParquetTable } from './parquet-fields.ts';
import { columnSql, recordKey, selectList, type ColumnSql } from './parquet-rows.ts';

export interface ParquetJob {
  readonly path: string;
  /** The file's name for people and for `_file`. */
  readonly name: string;
  readonly layout: RowLayout;
  /** A folder of our own: the row files go there. */
  readonly folder: string;
  /** Only look: nothing is written. */
  readonly sample?: boolean;
  /** Its rows have their provenance already. Default: they get it. */
  readonly ownRows?: boolean;
}

/** The rows of one table as SQL, and how its columns are made of them. */
interface TableSql {
  readonly table: RowTable;
  readonly columns: readonly ColumnSql[];
  /** SQL of its rows. */
  readonly rows: string;
  /** SQL of the number of their record. */
  readonly record: string;
  readonly provenance: string;
}

/**
 * Reads a Parquet file into row files, by the same contract as `readRows`: values are carried as the layout says,
 * records with a misfit go as text to the suspects. Values keep their types; a column that is carried as another goes
 * through its text, by the strict cast. Errors: those of `describeParquet`; `ReadersDisagree`: DuckDB gives other rows
 * than the footer promises.
 */
export async function readParquet(session: Session, job: ParquetJob): Promise<RowsSummary> {
  const { name, layout, sample = false, ownRows = false } = job;
  const described = await describeParquet(session, job.path, name, layout.asJson, ownRows);
  const findings = parquetFindings(described, layout);
  const warnings = described.notes.map((what) => ({ what, line: 1, rows: described.rows }));
  const empty = layout.tables.map((table) => ({ name: table.name }));
  const summary = { records: described.rows, broken: 0, findings, warnings };
  if (sample || findings.length > 0) return { ...summary, tables: empty };
  const tables = tablesOf(job, described);
  await duckdbFails(name, () => markSuspects(session, tables));
  if (ownRows && isAsLaidOut(layout, described.fields) && (await countSuspects(session)) === 0) {
    const path = join(job.folder, 'good-0.parquet');
    await linkRows(job.path, path);
    await session.run('DROP TABLE suspect_records');
    return { ...summary, tables: [{ name: layout.tables[0].name, good: { path, rows: described.rows } }] };
  }
  const files: RowsSummary['tables'][number][] = [];
  for (const [index, table] of tables.entries()) {
    const write = (kind: 'good' | 'suspect'): Promise<RowFile | undefined> =>
      duckdbFails(name, () => writeRows(session, table, kind, join(job.folder, `${kind}-${index}.parquet`)));
    const good = await write('good');
    const suspect = await write('suspect');
    files.push({ name: table.table.name, ...(good ? { good } : {}), ...(suspect ? { suspect } : {}) });
  }
  await session.run('DROP TABLE suspect_records');
  const read = (files[0]?.good?.rows ?? 0) + (files[0]?.suspect?.rows ?? 0);
  if (read !== described.rows) throw disagreement(name, described.rows, read);
  return { ...summary, tables: files };
}

function tablesOf({ path, name, layout }: ParquetJob, { fields }: ParquetDescription): TableSql[] {
  const file = literal(name);
  const [records, ...nested] = layout.tables;
  const columns = columnsOf(records, fields);
  const source = `read_parquet(${literal(path)}) AS ${FILE}`;
  const record = `(${FILE}.file_row_number + 1)`;
  const key = recordKey(layout.key, columns, name, record);
  const root: TableSql = {
    table: records,
    columns,
    rows: source,
    record,
    provenance: `${file} AS _file, ${record} AS _line, CAST(0 AS BIGINT) AS _offset, CAST(0 AS BIGINT) AS _length${
      namesRows(layout.key, layout.tables) ? `, CAST(${key} AS VARCHAR) AS _row` : ''
    }`,
  };
  const lists = new Map<string, { readonly table: ParquetTable; readonly rows: string }>();
  const walk = (all: readonly ParquetList[], rows: string, number: string, parent: string): void => {
    for (const { sql, table } of all) {
      const unnested = `(SELECT record, parent, unnest(list) AS ${ENTRY}, generate_subscripts(list, 1) AS position
        FROM (SELECT ${number} AS record, ${parent} AS parent, ${sql} AS list FROM ${rows}))`;
      lists.set(table.path, { table, rows: unnested });
      walk(table.lists, unnested, 'record', `parent || '.' || CAST(position AS VARCHAR)`);
    }
  };
  walk(fields.lists, source, record, key);
  return [
    root,
    ...nested.map((table): TableSql => {
      const found = lists.get(table.path);
      const none = '(SELECT 0 AS record, NULL AS parent, NULL AS entry, 0 AS position WHERE false)';
      return {
        table,
        columns: columnsOf(table, found?.table),
        rows: found?.rows ?? none,
        record: 'record',
        provenance: `CAST(parent AS VARCHAR) AS _parent, CAST(position AS BIGINT) AS _position, ${file} AS _file,
          CAST(record AS BIGINT) AS _line, CAST(0 AS BIGINT) AS _offset`,
      };
    }),
  ];
}

function columnsOf(table: RowTable, has: ParquetTable | undefined): ColumnSql[] {
  return table.columns.map((column) =>
    columnSql(
      column,
      has?.fields.find(({ field }) => field === column.field),
    ),
  );
}

/** Makes the table `suspect_records`: the numbers of records with a misfit anywhere. */
async function markSuspects(session: Session, tables: readonly TableSql[]): Promise<void> {
  const misfits = tables.flatMap(({ columns, rows, record }) => {
    const conditions = columns.flatMap(({ misfit }) => (misfit === undefined ? [] : [`(${misfit})`]));
    return conditions.length === 0 ? [] : [`SELECT ${record} FROM ${rows} WHERE ${conditions.join(' OR ')}`];
  });
  const none = 'SELECT CAST(0 AS BIGINT) AS record WHERE false';
  await session.run(
    `CREATE OR REPLACE TEMP TABLE suspect_records AS SELECT DISTINCT record FROM (${[none, ...misfits].join(' UNION ALL ')})`,
  );
}

function countSuspects(session: Session): Promise<number> {
  return session.count('SELECT count(*) FROM suspect_records');
}

async function writeRows(
  session: Session,
  { columns, rows, record, provenance }: TableSql,
  kind: 'good' | 'suspect',
  to: string,
): Promise<RowFile | undefined> {
  const suspects = await countSuspects(session);
  if (kind === 'suspect' && suspects === 0) return undefined;
  const among = kind === 'suspect' ? 'IN' : 'NOT IN';
  const where = suspects === 0 ? '' : `WHERE ${record} ${among} (SELECT record FROM suspect_records)`;
  const query = `SELECT ${selectList(columns, kind)}${provenance} FROM ${rows} ${where}`;
  await session.run(`COPY (${query}) TO ${literal(to)} (FORMAT parquet, COMPRESSION snappy)`);
  const written = await session.count(`SELECT count(*) FROM read_parquet(${literal(to)})`);
  return written === 0 ? undefined : { path: to, rows: written };
}

function disagreement(name: string, promised: number, read: number): AcequiaError {
  return new AcequiaError('ReadersDisagree', {
    what: `The footer of this Parquet file promises ${promised} rows, and ${read} were read.`,
    where: name,
    remedy: 'have the file written again; nothing of it is loaded',
  });
}
