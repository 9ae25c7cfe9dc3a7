import { fitColumns, type ThereColumn } from '../fit-columns.ts';
import { mismatch } from '../refusals.ts';
import { refit, temporary, type Load } from '../staged-load.ts';
import type { Step } from './file-plan.ts';
import { columnsOf } from './rows-of.ts';

/** The load as the files there want it, and all columns that the table then has. */
export async function fitFiles(
  { session, request, load }: Step,
  files: readonly string[],
  ours: boolean,
): Promise<{ fitted: Load; columns: ThereColumn[] }> {
  const there = await columnsOf(session, files);
  const found = await fitColumns(session, temporary('staged', load.table.name), load.staged, load.staged, there);
  const unknown = ours
    ? []
    : found.added.map(
        ({ name }) => `${name}: the files there have no such column, and Acequia did not write all of them`,
      );
  if (found.problems.length + unknown.length > 0)
    throw mismatch(request, load.table.name, ours, [...found.problems, ...unknown]);
  const columns = [...there, ...found.added.map(({ name, type }) => ({ name, type }))];
  return { fitted: await refit(session, load, found.columns), columns };
}
