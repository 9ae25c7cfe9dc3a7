import type { DatabaseTable } from '../../../workflows/definition/index.ts';
import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { CatalogueTable } from './catalogue.ts';
import { asText, columnReading, type ColumnReading } from './column-reading.ts';

/** A table as it will be read, as SQL. Pure. */
export interface TableReading {
  readonly table: DatabaseTable;
  /** In Postgres's SQL. */
  readonly relation: string;
  readonly columns: readonly ColumnReading[];
  /** Condition of the rows that are read, in Postgres's SQL; absent where all are. */
  readonly where?: string;
  /** Whether it may be read in parts beside each other, if it is large. */
  readonly isDivisible: boolean;
}

/** Pages from which on a table is read in two parts beside each other: 64 MB of 8 kB each. */
const DIVIDED_PAGES = 8_192;

/** @param start where to go on: the least of them; absent: all rows are read */
export function tableReading(
  table: DatabaseTable,
  found: CatalogueTable,
  start: readonly string[] | undefined,
): TableReading {
  const { cursor, format } = table;
  const readable = found.columns.filter((column) => column.readable);
  return {
    table,
    relation: `${identifier(table.schema)}.${identifier(table.table)}`,
    columns: readable.map((column) => (format === 'jsonl' ? asText(column) : columnReading(column))),
    ...(cursor && start ? { where: fromOn(cursor.column, typeOf(found, cursor.column), start) } : {}),
    isDivisible: start === undefined && found.isPlain,
  };
}

/** A row whose cursor is empty is in no part, and so in each. */
function fromOn(column: string, type: string, start: readonly string[]): string {
  const least = `least(${start.map((from) => `${literal(from)}::${type}`).join(', ')})`;
  return `(${identifier(column)} >= ${least} OR ${identifier(column)} IS NULL)`;
}

export function typeOf({ columns }: Pick<CatalogueTable, 'columns'>, column: string): string {
  return columns.find(({ name }) => name === column)?.type ?? 'text';
}

/** Conditions that divide a table into parts, in their order; an empty one is the whole. @param pages of the table */
export function partsOf(pages: number): string[] {
  if (pages < DIVIDED_PAGES) return [''];
  const middle = `'(${Math.floor(pages / 2)},0)'::tid`;
  return [`ctid < ${middle}`, `ctid >= ${middle}`];
}

/** The query of one part. Its columns are `c0…`: names that differ by case alone are the same to DuckDB. */
export function partQuery({ relation, columns, where, table }: TableReading, part: string): string {
  const conditions = [where, part].filter(Boolean).join(' AND ');
  const rows = `${relation} AS t${conditions === '' ? '' : ` WHERE ${conditions}`}`;
  if (table.format === 'jsonl') {
    // A line's end within a record's JSON can only be blank space: inside a text it is written as \\n.
    return `SELECT translate(row_to_json(t)::text, E'\\n\\r', '  ') AS line FROM ${rows}`;
  }
  const listed = columns.map(({ fetched }, i) => `${fetched} AS c${i}`);
  return `SELECT ${listed.join(', ')} FROM ${rows}`;
}

/** Counts of the rows that are read and of the pages of a table that can be divided, and for each column whether any would not come through as it is. */
export function countQuery({ relation, columns, where, isDivisible }: TableReading): string {
  const size = `pg_relation_size(${literal(relation)}::regclass) / current_setting('block_size')::bigint`;
  const unless = columns.map(({ unless }, i) => `, coalesce(bool_or(${unless ?? 'false'}), false) AS u${i}`);
  return `SELECT count(*)::text AS rows, (${isDivisible ? size : '0'})::text AS pages${unless.join('')} FROM ${relation}${where === undefined ? '' : ` WHERE ${where}`}`;
}

/** The same with the columns as text that are named. */
export function withTexts(reading: TableReading, isText: (index: number) => boolean): TableReading {
  return { ...reading, columns: reading.columns.map((column, index) => (isText(index) ? asText(column) : column)) };
}
