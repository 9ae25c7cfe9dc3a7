import type { CellChange, RowValues, TableDifference } from '../../workflows/difference.ts';
import type { Session } from '../duckdb/session.ts';
import { rowsIn, type SharedColumn } from './compared-columns.ts';
import { NOW, THEN } from './differing-rows.ts';

/** Characters of a value that an example keeps. */
const MOST_CHARACTERS = 1_000;

/** The first differing rows by their key, or by all values: up to `most` of each kind, and as many changed cells. */
export async function readExamples(
  session: Session,
  path: string,
  columns: readonly SharedColumn[],
  key: readonly SharedColumn[],
  most: number,
): Promise<TableDifference['examples']> {
  const leading = key.length > 0 ? key : columns;
  const rows = (kind: string): Promise<Row[]> => firstRows(session, path, kind, columns, leading, most);
  const changed = await rows('changed');
  return {
    added: (await rows('added')).map((row) => valuesOf(row, columns, columns, NOW)),
    removed: (await rows('removed')).map((row) => valuesOf(row, columns, columns, THEN)),
    changed: changed.flatMap((row) => cellsOf(row, columns, key)).slice(0, most),
  };
}

type Row = Readonly<Record<string, string | boolean | null>>;

async function firstRows(
  session: Session,
  path: string,
  kind: string,
  columns: readonly SharedColumn[],
  leading: readonly SharedColumn[],
  most: number,
): Promise<Row[]> {
  const cut = columns.flatMap((_, index) =>
    [THEN(index), NOW(index)].map((name) => `left(${name}, ${MOST_CHARACTERS}) AS ${name}`),
  );
  const differs = columns.map((_, index) => `differs_${index}`);
  const order = leading.map((column) => {
    const index = columns.indexOf(column);
    const value = `coalesce(${NOW(index)}, ${THEN(index)})`;
    // Cells are text here, and numbers are to come in their order.
    return `TRY_CAST(${value} AS DECIMAL(38,6)), ${value}`;
  });
  return session.rows<Row>(
    `SELECT ${[...cut, ...differs].join(', ')} FROM ${rowsIn([path])} WHERE kind = '${kind}' ORDER BY ${order.join(', ')} LIMIT ${most}`,
  );
}

function valuesOf(
  row: Row,
  wanted: readonly SharedColumn[],
  columns: readonly SharedColumn[],
  side: (index: number) => string,
): RowValues {
  return Object.fromEntries(wanted.map((column) => [column.name, textOf(row[side(columns.indexOf(column))])]));
}

function cellsOf(row: Row, columns: readonly SharedColumn[], key: readonly SharedColumn[]): CellChange[] {
  return columns.flatMap(({ name }, index) =>
    row[`differs_${index}`] === true
      ? [
          {
            key: valuesOf(row, key, columns, NOW),
            column: name,
            then: textOf(row[THEN(index)]),
            now: textOf(row[NOW(index)]),
          },
        ]
      : [],
  );
}

function textOf(value: string | boolean | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
