import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import { rowsDigest } from '../../duckdb/rows-digest.ts';
import { differ } from '../count-changes.ts';
import type { ThereColumn } from '../fit-columns.ts';
import { superseded } from '../refusals.ts';
import { account, standing, write, type FilePlan, type Step } from './file-plan.ts';
import type { ParquetEntry } from './ledger.ts';
import { columnsOf, names, order, widened } from './rows-of.ts';

/** The file is written anew, with the load's rows in place of those of the same key. */
export async function mergeIntoFile(
  step: Step,
  file: string,
  ledger: readonly ParquetEntry[],
  columns: readonly ThereColumn[],
): Promise<FilePlan> {
  const { session, request, load } = step;
  const own = ledger.findLast(({ pipeline }) => pipeline === request.run.pipeline);
  if (own && own.requestedAt > request.requestedAt) throw superseded(request, load.table.name, own.requestedAt);
  const key = identifiers(load.table.key);
  const before = widened(file, columns);
  const [row] = await session.rows<{ matched: string; updated: string }>(
    `SELECT count(*) AS matched, count(*) FILTER (${differ(load, 'load', 'there')}) AS updated
     FROM ${load.relation} AS load JOIN ${before} AS there USING (${key})`,
  );
  const [matched, updated] = [Number(row?.matched ?? 0), Number(row?.updated ?? 0)];
  const changes = { inserted: load.content.rows - matched, updated, unchanged: matched - updated, removed: 0 };
  const latest = ledger.at(-1);
  if (changes.inserted + changes.updated === 0) {
    if (latest?.loadId === load.loadId) return standing(step, latest);
    if (columns.length === (await columnsOf(session, [file])).length) return { published: account(step, changes) };
  }
  const isThere = `load.${identifier(load.table.key[0] ?? '')} IS NOT NULL`;
  const cells = columns.map(({ name }) => {
    const column = identifier(name);
    if (!load.columns.some((other) => other.name === name)) return `there.${column}`;
    return `CASE WHEN ${isThere} THEN load.${column} ELSE there.${column} END AS ${column}`;
  });
  const on = load.table.key.map((name) => `there.${identifier(name)} = load.${identifier(name)}`).join(' AND ');
  const query = `SELECT ${cells.join(', ')} FROM ${before} AS there LEFT JOIN ${load.relation} AS load ON ${on}
    UNION ALL BY NAME (SELECT load.* FROM ${load.relation} AS load ANTI JOIN ${before} AS there USING (${key})${order(load)})`;
  const kept = await rowsDigest(
    session,
    `(SELECT * FROM ${before} AS there ANTI JOIN ${load.relation} AS load USING (${key}))`,
    names(load),
  );
  return write(step, changes, query, ledger, kept);
}
