import { identifier } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { jointType } from './joint-type.ts';
import { countRows, type LoadColumn } from './staged-load.ts';
import { widens } from './widening.ts';

/** A column of a table that is there. */
export interface ThereColumn {
  readonly name: string;
  /** DuckDB's name of the type as which it reads it. */
  readonly type: string;
}

export interface Fit {
  /** The load's columns, with the names and types of the table that is there, or that it gets. */
  readonly columns: readonly LoadColumn[];
  /** Those of them that the table does not have. */
  readonly added: readonly LoadColumn[];
  /** Columns of the table that must become wider, with the types they get. */
  readonly widened: readonly ThereColumn[];
  /** Why the rows do not go in, none when they do: one line for each column. */
  readonly problems: readonly string[];
}

/** How one column goes in. `lost`: a condition over the staged rows; where it holds for none of them, the column goes in as it is. */
interface Way {
  readonly column: LoadColumn;
  readonly staged: LoadColumn;
  readonly there: ThereColumn;
  readonly lost: string | undefined;
}

/** How the destination holds a type, for columns that become wider. */
export type HoldAs = (name: string, type: string) => LoadColumn;

/**
 * Fits a load into a table that is there. A value goes into a column of another type only where it comes back the same;
 * a column without any value goes into every type. Where a value does not go in, the column becomes wider if it may.
 *
 * @param relation the staged rows
 * @param staged the load's columns as staged
 * @param mapped the same, as the destination would hold them
 * @param widen `undefined`: no column becomes wider
 */
export async function fitColumns(
  session: Session,
  relation: string,
  staged: readonly LoadColumn[],
  mapped: readonly LoadColumn[],
  there: readonly ThereColumn[],
  widen: HoldAs | undefined,
): Promise<Fit> {
  const ways: (Way | LoadColumn)[] = staged.map((column, index) => {
    const found = there.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
    const own = mapped[index] ?? column;
    return found ? wayInto(column, own, found) : own;
  });
  const unsure = ways.filter((way): way is Way => 'there' in way && way.lost !== undefined);
  const losses = await countRows(
    session,
    relation,
    unsure.map(({ lost }) => lost),
  );
  const lossy = new Map(unsure.flatMap((way, index) => ((losses[index] ?? 0) > 0 ? [[way, losses[index] ?? 0]] : [])));
  const wider = new Map([...lossy.keys()].flatMap((way) => widerWay(way, widen)));
  return {
    columns: ways.map((way) => ('there' in way ? (wider.get(way) ?? way.column) : way)),
    added: ways.filter((way): way is LoadColumn => !('there' in way)),
    widened: [...wider.values()].map(({ name, type }) => ({ name, type })),
    problems: [...lossy].flatMap(([way, rows]) => (wider.has(way) ? [] : [problemOf(way, rows)])),
  };
}

function problemOf({ staged: { name, type }, there }: Way, rows: number): string {
  const values = rows === 1 ? '1 value does' : `${rows} values do`;
  return `${name}: ${type} in the load, ${there.type} in the table; ${values} not go in`;
}

function widerWay(way: Way, widen: HoldAs | undefined): [Way, LoadColumn][] {
  const type = widen && jointType(way.there.type, way.staged.type);
  if (!type || type === way.there.type) return [];
  const held = widen(way.there.name, type);
  const value = `CAST(${identifier(way.staged.name)} AS ${held.type})`;
  return [[way, { name: way.there.name, type: held.type, expression: value }]];
}

function wayInto(staged: LoadColumn, mapped: LoadColumn, there: ThereColumn): Way {
  const { name, type } = there;
  const as = (expression: string, lost?: string): Way => ({
    column: { name, type, expression },
    staged,
    there,
    lost,
  });
  const value = identifier(staged.name);
  if (mapped.type === type) return as(mapped.expression);
  if (staged.type === type) return as(value);
  if (widens(staged.type, type)) {
    const back = `TRY_CAST(TRY_CAST(${value} AS ${type}) AS ${staged.type})`;
    return as(`CAST(${value} AS ${type})`, `${value} IS NOT NULL AND ${back} IS DISTINCT FROM ${value}`);
  }
  return as(`CAST(NULL AS ${type})`, `${value} IS NOT NULL`);
}
