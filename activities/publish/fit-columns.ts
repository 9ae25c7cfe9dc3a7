import { identifier } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { countRows, type LoadColumn } from './staged-load.ts';
import { widens } from './widening.ts';

/** A column of a table that is there. */
export interface ThereColumn {
  readonly name: string;
  /** DuckDB's name of the type as which it reads it. */
  readonly type: string;
}

export interface Fit {
  /** The load's columns, with the names and types of the table that is there. */
  readonly columns: readonly LoadColumn[];
  /** Those of them that the table does not have. */
  readonly added: readonly LoadColumn[];
  /** Why the rows do not go in, none when they do: one line for each column. */
  readonly problems: readonly string[];
}

/** How one column goes in: `certain`, or only if no value is lost, or only if it has no value at all. */
interface Way {
  readonly column: LoadColumn;
  readonly staged: LoadColumn;
  readonly there: ThereColumn;
  readonly lost: string | undefined;
}

/**
 * Fits a load into a table that is there. A value goes into a column of another type only where it comes back the same;
 * a column without any value goes into every type. `staged`, `mapped`: the load's columns as staged and as the
 * destination would hold them; `relation`: the staged rows.
 */
export async function fitColumns(
  session: Session,
  relation: string,
  staged: readonly LoadColumn[],
  mapped: readonly LoadColumn[],
  there: readonly ThereColumn[],
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
  const problems = unsure.flatMap(({ staged: { name, type }, there: { type: other } }, index) => {
    const rows = losses[index] ?? 0;
    return rows === 0
      ? []
      : [
          `${name}: ${type} in the load, ${other} in the table; ${rows === 1 ? '1 value does' : `${rows} values do`} not go in`,
        ];
  });
  return {
    columns: ways.map((way) => ('there' in way ? way.column : way)),
    added: ways.filter((way): way is LoadColumn => !('there' in way)),
    problems,
  };
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
