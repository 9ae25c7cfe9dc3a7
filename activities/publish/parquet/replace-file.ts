import { rowsDigest } from '../../duckdb/rows-digest.ts';
import { countChanges } from '../count-changes.ts';
import type { ThereColumn } from '../fit-columns.ts';
import { superseded } from '../refusals.ts';
import type { Load } from '../staged-load.ts';
import { NOTHING, standing, write, type FilePlan, type Step } from './file-plan.ts';
import type { ParquetEntry } from './ledger.ts';
import { columnsOf, names, rowsOf, select } from './rows-of.ts';

/** The load becomes the file, unless it is there already. */
export async function replaceFile(step: Step, file: string, ledger: readonly ParquetEntry[]): Promise<FilePlan> {
  const { session, request, load } = step;
  const latest = ledger.at(-1);
  if (latest && latest.requestedAt > request.requestedAt)
    throw superseded(request, load.table.name, latest.requestedAt);
  const columns = await columnsOf(session, [file]);
  const again = request.fullRefresh.includes(load.table.name) && latest?.rootRunId !== request.run.rootRunId;
  if (latest?.loadId === load.loadId && !again && sameColumns(load, columns)) {
    const there = await rowsDigest(session, rowsOf([file]), names(load));
    if (there.digest === load.content.digest && there.rows === load.content.rows) return standing(step, latest);
  }
  const changes = await countChanges(session, load, { relation: rowsOf([file]), columns });
  return write(step, changes, select(load), ledger, NOTHING);
}

function sameColumns(load: Load, there: readonly ThereColumn[]): boolean {
  const text = (columns: readonly ThereColumn[]): string =>
    JSON.stringify(columns.map(({ name, type }) => [name, type]));
  return text(load.columns) === text(there);
}
