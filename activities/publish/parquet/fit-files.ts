import { fitColumns, type ThereColumn } from '../fit-columns.ts';
import { ownColumns } from '../modes/own-columns.ts';
import { mismatch } from '../refusals.ts';
import { temporary } from '../scratch-names.ts';
import { refit, type Load, type LoadColumn } from '../staged-load.ts';
import { identifier } from '../../duckdb/identifiers.ts';
import type { Step } from './step.ts';

export interface Fitted {
  readonly load: Load;
  /** All columns that the table then has. */
  readonly columns: readonly ThereColumn[];
  /** What changes in its structure, as statements would say it. */
  readonly ddl: readonly string[];
}

/**
 * The load as the files there want it. Columns become wider only where the files are written anew.
 *
 * @param own columns that the mode keeps in every row
 */
export async function fitFiles(
  { session, request, load, layout }: Step,
  there: readonly ThereColumn[],
  ours: boolean,
  own: readonly LoadColumn[],
): Promise<Fitted> {
  const { name, freeze = false } = load.table;
  const evolves = ours && !freeze;
  const mayWiden = evolves && !layout.perLoad;
  const found = await fitColumns(
    session,
    temporary('staged', name),
    load.staged,
    load.columns,
    there,
    mayWiden ? (column, type) => ({ name: column, type, expression: identifier(column) }) : undefined,
  );
  const isThere = (column: string): boolean => there.some((other) => other.name === column);
  const lacking = own.filter((column) => !isThere(column.name));
  const added = [...found.added, ...lacking];
  const problems = [
    ...found.problems,
    ...(evolves ? [] : added.map(({ name: column }) => notAdded(column, ours))),
    ...ownColumns(load.table)
      .filter((column) => !isThere(column) && !own.some((cell) => cell.name === column))
      .map((column) => `${column}: the files there have no such column; they were not made by ${load.mode}`),
  ];
  if (problems.length > 0) throw mismatch(request, name, ours, problems);
  const typeOf = ({ name: column, type }: ThereColumn): ThereColumn =>
    found.widened.find((wider) => wider.name === column) ?? { name: column, type };
  return {
    load: await refit(session, load, found.columns),
    columns: [...there.map(typeOf), ...added.map(({ name: column, type }) => ({ name: column, type }))],
    ddl: [
      ...added.map(
        ({ name: column, type }) => `ALTER TABLE ${identifier(name)} ADD COLUMN ${identifier(column)} ${type}`,
      ),
      ...found.widened.map(
        ({ name: column, type }) => `ALTER TABLE ${identifier(name)} ALTER COLUMN ${identifier(column)} TYPE ${type}`,
      ),
    ],
  };
}

function notAdded(column: string, ours: boolean): string {
  return ours
    ? `${column}: the files there have no such column, and their structure is frozen`
    : `${column}: the files there have no such column, and Acequia did not write all of them`;
}
