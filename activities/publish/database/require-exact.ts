import { rowsDigest } from '../../duckdb/rows-digest.ts';
import { mismatch } from '../refusals.ts';
import type { TableThere } from './engine.ts';
import type { Step } from './publish.ts';

/** Where a type of the table may round or rewrite values, the rows are tried out beside it, and must come back the same. */
export async function requireExact(step: Step, { inexact }: TableThere, ours: boolean): Promise<void> {
  const { session, engine, request, load } = step;
  const doubtful = inexact.filter(({ name }) => load.columns.some((column) => column.name === name));
  if (doubtful.length === 0) return;
  const lost = await engine.bring(session, load, async (relation) => {
    const problems: string[] = [];
    for (const { name, type } of doubtful) {
      const given = await rowsDigest(session, load.relation, [name]);
      const brought = await rowsDigest(session, relation, [name]);
      if (given.digest !== brought.digest)
        problems.push(`${name}: ${type} in the table, which would not give back every value as it is`);
    }
    return problems;
  });
  if (lost.length > 0) throw mismatch(request, load.table.name, ours, lost);
}
