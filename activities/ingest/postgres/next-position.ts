import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { CatalogueTable } from './catalogue.ts';
import { positionText } from './position.ts';
import { typeOf, type TableReading } from './table-reading.ts';

/**
 * The query for how far a table has come, in Postgres's SQL: the newest stamp that was read, but no later than the bound, and
 * earlier than that by the lag. Its column is `next`. `undefined` where nothing can be known.
 *
 * @param bound see `timeBound`
 * @param start what was begun from
 */
export function nextQuery(
  { table, relation }: TableReading,
  found: CatalogueTable,
  bound: string | undefined,
  start: readonly string[] | undefined,
): string | undefined {
  const { cursor } = table;
  if (!cursor) return undefined;
  const column = identifier(cursor.column);
  const type = typeOf(found, cursor.column);
  if (bound === undefined) {
    // What was known to be safe stays so.
    return start && `SELECT least(${start.map((from) => `${literal(from)}::${type}`).join(', ')})::text AS next`;
  }
  const instant = `${literal(bound)}::timestamptz`;
  const local = type.includes('without time zone');
  const limit = local ? `(${instant} AT TIME ZONE ${literal(cursor.timezone)})` : instant;
  // Clocks are put back by an hour: what is stamped afterwards looks earlier than what was stamped before.
  const putBack = local && cursor.timezone !== 'UTC' ? ` - interval '1 hour'` : '';
  return `SELECT (least(max(${column}), ${limit}) - interval '${cursor.lagMs} milliseconds'${putBack})::text AS next FROM ${relation}`;
}

/** As the ledger keeps it. */
export function nextPosition(
  { table }: TableReading,
  found: CatalogueTable,
  next: string | null,
): { position?: string } {
  if (!table.cursor || next === null) return {};
  return { position: positionText(table.cursor.column, next, found) };
}
