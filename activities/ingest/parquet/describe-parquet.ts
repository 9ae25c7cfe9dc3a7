import { identifier, literal } from '../../duckdb/identifiers.ts';
import { describeColumns } from '../../duckdb/nested-type.ts';
import type { Session } from '../../duckdb/session.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { isProvenance } from '../../names/provenance.ts';
import { duckdbFails } from './duckdb-fails.ts';
import { readFooter } from './footer.ts';
import { ENTRY, FieldsOf, FILE, type ParquetField, type ParquetTable } from './parquet-fields.ts';
import { NANOSECONDS, UTF8_BLOB, type ScalarType } from './scalar-type.ts';

/** What a Parquet file holds. */
export interface ParquetDescription {
  /** As its footer says. */
  readonly rows: number;
  readonly fields: ParquetTable;
  /** What people should know of how columns are taken, in words. */
  readonly notes: readonly string[];
}

/** The column in which DuckDB numbers the rows of a file. */
const ROW_NUMBER = 'file_row_number';

/**
 * Describes a Parquet file. Only columns of binary or of timestamps in nanoseconds are read for it: their values decide
 * how they are taken. Errors: `SourceCorrupt`; `SourceRefused` for values that cannot be kept as they are.
 */
export async function describeParquet(
  session: Session,
  path: string,
  name: string,
  asJson: readonly string[] = [],
  ownRows = false,
): Promise<ParquetDescription> {
  const { rows } = await readFooter(path, name);
  const source = `read_parquet(${literal(path)})`;
  const all = await duckdbFails(name, () => describeColumns(session, `SELECT * FROM ${source}`));
  const columns = ownRows ? all.filter((column) => !isProvenance(column.name)) : all;
  if (columns.some((column) => column.name.toLowerCase() === ROW_NUMBER)) {
    throw refused(name, `Its column "${ROW_NUMBER}" has the name by which rows are numbered.`, 'rename that column');
  }
  const notes = await duckdbFails(name, () => physicalNotes(session, path, name));
  const plain = new FieldsOf(columns, asJson);
  const [unknown] = plain.unknown;
  if (unknown) {
    const why = `Its column ${unknown.path} is of type ${unknown.type}, whose values have no exact text.`;
    throw refused(name, why, 'have the column written as another type, or left out');
  }
  const picked = new Map<string, ScalarType>();
  await duckdbFails(name, () => pick(session, plain.root, `${source} AS ${FILE}`, picked));
  const { root } = new FieldsOf(columns, asJson, picked);
  return { rows, fields: root, notes: [...notes, ...foreignNotes(root)] };
}

/** Looks at the values of columns whose type alone does not say how to take them. */
async function pick(
  session: Session,
  table: ParquetTable,
  rows: string,
  picked: Map<string, ScalarType>,
): Promise<void> {
  for (const { field, sql, type } of table.fields) {
    const path = table.path === '' ? field : `${table.path}.${field}`;
    const none = async (condition: string): Promise<boolean> =>
      (await session.count(`SELECT count(*) FROM (SELECT 1 FROM ${rows} WHERE ${condition} LIMIT 1)`)) === 0;
    if (type === 'BLOB' && (await none(`${sql} IS NOT NULL AND TRY(decode(${sql})) IS NULL`))) {
      picked.set(path, UTF8_BLOB);
    } else if (type === 'TIMESTAMP_NS' && !(await none(`isfinite(${sql}) AND epoch_ns(${sql}) % 1000 <> 0`))) {
      picked.set(path, NANOSECONDS);
    }
  }
  for (const list of table.lists) {
    await pick(session, list.table, `(SELECT unnest(${list.sql}) AS ${ENTRY} FROM ${rows})`, picked);
  }
}

/** What DuckDB does not say of the types: what it would cut or round. */
async function physicalNotes(session: Session, path: string, name: string): Promise<string[]> {
  const elements = await session.rows<{
    name: string;
    type: string | null;
    precision: string | null;
    decimal: boolean;
  }>(`
    SELECT name, type, precision, coalesce(converted_type = 'DECIMAL' OR logical_type LIKE 'Decimal%', false) AS decimal
    FROM parquet_schema(${literal(path)})`);
  const wide = elements.find(({ decimal, precision }) => decimal && Number(precision) > 38);
  if (wide) {
    const why = `Its column ${identifier(wide.name)} is a decimal of more than 38 digits, which would be rounded.`;
    throw refused(name, why, 'have the column written as text');
  }
  return elements
    .filter(({ type }) => type === 'INT96')
    .map((element) => `the column ${element.name} has timestamps of the old kind INT96: read to the microsecond`);
}

function foreignNotes(table: ParquetTable): string[] {
  const own = table.fields.flatMap(({ field, scalar }: ParquetField) =>
    scalar.foreign === undefined
      ? []
      : [`the column ${table.path === '' ? field : `${table.path}.${field}`} is ${scalar.foreign}`],
  );
  return [...own, ...table.lists.flatMap((list) => foreignNotes(list.table))];
}

function refused(name: string, why: string, remedy: string): AcequiaError {
  return new AcequiaError('SourceRefused', { what: 'The Parquet file is refused.', where: name, why, remedy });
}
