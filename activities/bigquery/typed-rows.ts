import { identifier, literal } from '../duckdb/identifiers.ts';

/** A column that is read from text. */
export interface TypedColumn {
  readonly name: string;
  /** DuckDB's. */
  readonly type: string;
}

/** Lines of JSON in which every value is text (`textLine`), as SQL reads them with their types. A text that is no such value fails. */
export function typedRows(path: string, columns: readonly TypedColumn[]): string {
  const texts = columns.map(({ name }) => `${literal(name)}: 'VARCHAR'`).join(', ');
  // As large as the largest row that BigQuery has.
  const lines = `read_json(${literal(path)}, format = 'newline_delimited', columns = {${texts}}, maximum_object_size = 110000000)`;
  const values = columns.map(({ name, type }) => `${valueOf(identifier(name), type)} AS ${identifier(name)}`);
  return `(SELECT ${values.join(', ')} FROM ${lines})`;
}

function valueOf(text: string, type: string): string {
  if (type === 'VARCHAR') return text;
  if (type === 'BLOB') return `from_base64(${text})`;
  const scale = /^DECIMAL\(\d+,(\d+)\)$/.exec(type)?.[1];
  const value = `CAST(${text} AS ${type})`;
  // A cast to a decimal rounds what is behind its digits without a word.
  return scale === undefined
    ? value
    : `CASE WHEN length(split_part(${text}, '.', 2)) > ${scale} THEN error('more digits than ${type} has') ELSE ${value} END`;
}
