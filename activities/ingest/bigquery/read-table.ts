import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { DatabaseTable } from '../../../workflows/definition/index.ts';
import { jsonLine, textLine, type ApiRow } from '../../bigquery/cell-text.ts';
import { duckdbTypeOf, standardType, type Field } from '../../bigquery/field.ts';
import { quotedTable, quotedText } from '../../bigquery/quoted.ts';
import { queryJob, queryRows, writeLines } from '../../bigquery/read-rows.ts';
import { typedRows, type TypedColumn } from '../../bigquery/typed-rows.ts';
import type { Warehouse } from '../../bigquery/warehouse.ts';
import { literal } from '../../duckdb/identifiers.ts';
import { withSession } from '../../duckdb/session.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { Work } from '../../progress.ts';
import type { TableFile } from '../land-table.ts';

/** What BigQuery keeps the past of: a view is asked for as it is now. */
const WITH_PAST = 'TABLE';

/**
 * Reads a table or a query into a file below `folder`. What comes is the answer of one query, which stays as it is while it is
 * read page by page. How many rows there must be, BigQuery says. Errors: `ReadersDisagree` where others came; those of the API.
 *
 * @param moment an instant as SQL writes it: tables are read as they were then
 */
export async function readTable(
  warehouse: Warehouse,
  table: DatabaseTable,
  moment: string,
  folder: string,
  work: Work,
): Promise<{ readonly file: TableFile; readonly rows: number }> {
  const { sql, declared } = await queryOf(warehouse, table, moment);
  const answer = await queryRows(warehouse, queryJob(warehouse, `acequia_source_${randomUUID()}`, sql), work);
  const fields = answer.fields.map((field) => declared.find(({ name }) => name === field.name) ?? field);
  const file = { path: join(folder, `${table.source}.${table.format}`), name: table.table };
  const lines = table.format === 'jsonl' ? file.path : join(folder, 'lines');
  const line = table.format === 'jsonl' ? jsonLine : textLine;
  let rows = 0;
  const told = (row: ApiRow): string => {
    rows += 1;
    if (rows % 10_000 === 0) work.report({ step: `reading ${table.table}`, rows });
    return line(fields, row);
  };
  await writeLines(lines, answer.pages, told, work.signal);
  if (rows !== answer.rows) throw disagreement(table, answer.rows, rows);
  if (table.format === 'parquet') await writeParquet(lines, fields, file.path, work);
  return { file, rows };
}

/** The query, and the columns as the table declares them: an answer does not say how many digits they have. */
async function queryOf(
  warehouse: Warehouse,
  { table, query }: DatabaseTable,
  moment: string,
): Promise<{ readonly sql: string; readonly declared: readonly Field[] }> {
  if (query !== undefined) return { sql: query, declared: [] };
  const there = await warehouse.ask<{ type: string; schema?: { fields?: readonly Field[] } }>(
    `/datasets/${warehouse.dataset}/tables/${encodeURIComponent(table)}`,
  );
  const at = there.type === WITH_PAST ? ` FOR SYSTEM_TIME AS OF TIMESTAMP ${quotedText(moment)}` : '';
  return { sql: `SELECT * FROM ${quotedTable(warehouse, table)}${at}`, declared: there.schema?.fields ?? [] };
}

async function writeParquet(lines: string, fields: readonly Field[], path: string, work: Work): Promise<void> {
  await withSession(work.signal, (session) =>
    session.run(
      `COPY (SELECT * FROM ${typedRows(lines, fields.map(columnOf))}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
    ),
  );
}

/** Types that a contract has a type for; all others are carried as the text that BigQuery writes. */
const CARRIED: readonly string[] = ['INT64', 'FLOAT64', 'BOOL', 'STRING', 'DATE', 'DATETIME', 'TIMESTAMP'];

function columnOf(field: Field): TypedColumn {
  const isTyped = CARRIED.includes(standardType(field)) || field.precision !== undefined;
  return { name: field.name, type: isTyped ? duckdbTypeOf(field) : 'VARCHAR' };
}

function disagreement({ table }: DatabaseTable, counted: number, came: number): AcequiaError {
  return new AcequiaError('ReadersDisagree', {
    what: `BigQuery counts ${counted} rows in ${table}, and ${came} came.`,
    where: table,
    remedy: 'run the same command again; nothing of it is loaded. Where it happens again, please report it',
  });
}
