import { createHash } from 'node:crypto';
import type { CatalogueTable } from './catalogue.ts';

/** How far a table has come. Kept as text in the ledger of its destination. */
export interface Position {
  /** The column that it counts in. */
  readonly column: string;
  /** Rows from there on are yet to be read, as Postgres writes the value. */
  readonly from: string;
  /** Names the table, and the columns that its rows were read with. */
  readonly table: string;
}

/** What a position hangs on. */
type PositionedTable = Pick<CatalogueTable, 'identity' | 'columns'>;

/**
 * Where to go on, from what the tables of a source have come to: nothing where one has nothing, where the rows were those of
 * another table, such as one of another database, or were read with other columns: of a column that is new, the old rows have
 * values that nobody has read.
 */
export function startOf(
  positions: readonly string[] | undefined,
  column: string,
  table: PositionedTable,
): readonly string[] | undefined {
  if (positions === undefined || positions.length === 0) return undefined;
  const parsed = positions.map(parsePosition);
  const name = nameOf(table);
  const fits = parsed.flatMap((one) => (one?.column === column && one.table === name ? [one.from] : []));
  return fits.length === positions.length ? fits : undefined;
}

export function positionText(column: string, from: string, table: PositionedTable): string {
  const position: Position = { column, from, table: nameOf(table) };
  return JSON.stringify(position);
}

function nameOf({ identity, columns }: PositionedTable): string {
  const read = columns.filter(({ readable }) => readable).map(({ name, type }) => [name, type]);
  return createHash('sha256')
    .update(JSON.stringify([identity, read]))
    .digest('hex')
    .slice(0, 16);
}

/** What somebody has written into a ledger by hand is no position. */
function parsePosition(text: string): Position | undefined {
  try {
    const { column, from, table } = JSON.parse(text) as Partial<Position>;
    const isWhole = [column, from, table].every((part) => typeof part === 'string' && part !== '');
    return isWhole ? ({ column, from, table } as Position) : undefined;
  } catch {
    return undefined;
  }
}
