import { createHash } from 'node:crypto';
import type { CatalogueTable } from './catalogue.ts';

/** How far a table has come. Kept as text in the ledger of its destination. */
export interface Position {
  /** The column that it counts in. */
  readonly column: string;
  /** Rows from there on are yet to be read, as Postgres writes the value. */
  readonly from: string;
  /** Names the columns that the rows were read with. */
  readonly columns: string;
}

/**
 * Where to go on, from what the tables of a source have come to: nothing where one has nothing, or where its rows were read
 * with other columns: of a column that is new, the old rows have values that nobody has read.
 */
export function startOf(
  positions: readonly string[] | undefined,
  column: string,
  table: Pick<CatalogueTable, 'columns'>,
): readonly string[] | undefined {
  if (positions === undefined || positions.length === 0) return undefined;
  const parsed = positions.map(parsePosition);
  const columns = columnsName(table);
  const fits = parsed.flatMap((one) => (one?.column === column && one.columns === columns ? [one.from] : []));
  return fits.length === positions.length ? fits : undefined;
}

export function positionText(column: string, from: string, table: Pick<CatalogueTable, 'columns'>): string {
  const position: Position = { column, from, columns: columnsName(table) };
  return JSON.stringify(position);
}

function columnsName({ columns }: Pick<CatalogueTable, 'columns'>): string {
  const read = columns.filter(({ readable }) => readable).map(({ name, type }) => [name, type]);
  return createHash('sha256').update(JSON.stringify(read)).digest('hex').slice(0, 16);
}

/** What somebody has written into a ledger by hand is no position. */
function parsePosition(text: string): Position | undefined {
  try {
    const { column, from, columns } = JSON.parse(text) as Partial<Position>;
    const isWhole = [column, from, columns].every((part) => typeof part === 'string' && part !== '');
    return isWhole ? ({ column, from, columns } as Position) : undefined;
  } catch {
    return undefined;
  }
}
