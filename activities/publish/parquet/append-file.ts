import { identifier } from '../../duckdb/identifiers.ts';
import { rowsDigest } from '../../duckdb/rows-digest.ts';
import { allNew } from '../count-changes.ts';
import type { ThereColumn } from '../fit-columns.ts';
import { notOurs } from '../refusals.ts';
import type { Load } from '../staged-load.ts';
import { NOTHING, standing, write, type FilePlan, type Step } from './file-plan.ts';
import { fitFiles } from './fit-files.ts';
import { readLedger, type ParquetEntry } from './ledger.ts';
import { names, order, select, widened } from './rows-of.ts';

/** A file of its own, named by the load: if it is there, so are its rows. */
export async function appendFile(step: Step): Promise<FilePlan> {
  const { session, request, load, place } = step;
  if (place.there.includes(place.file)) {
    const entry = (await readLedger(session, place.file))?.at(-1);
    if (entry?.loadId === load.loadId) return standing(step, entry);
    throw notOurs(
      request,
      `There is a file ${place.file}.`,
      'It is named like this load, and is another.',
      'move it away',
    );
  }
  if (place.there.length === 0) return write(step, allNew(load.content.rows), select(load), [], NOTHING);
  const ledgers = await Promise.all(place.there.map((file) => readLedger(session, file)));
  const { fitted, columns } = await fitFiles(step, place.there, ledgers.every(Boolean));
  // Every file has all columns of the earlier ones, so that a reader of the folder finds one table.
  const all = columns.map(({ name, type }) => cell(fitted, name, type));
  const query = `SELECT ${all.join(', ')} FROM ${fitted.relation} AS load${order(fitted)}`;
  return write({ ...step, load: fitted }, allNew(load.content.rows), query, [], NOTHING);
}

/** One file is written anew, with the rows of the load behind its own. */
export async function appendToFile(
  step: Step,
  file: string,
  ledger: readonly ParquetEntry[],
  columns: readonly ThereColumn[],
): Promise<FilePlan> {
  const { session, load } = step;
  const sinceReplaced = ledger.slice(
    Math.max(
      0,
      ledger.findLastIndex(({ mode }) => mode === 'replace'),
    ),
  );
  const before = sinceReplaced.find(({ loadId }) => loadId === load.loadId);
  if (before) return standing(step, before);
  const kept = await rowsDigest(session, widened(file, columns), names(load));
  const query = `SELECT * FROM ${widened(file, columns)} UNION ALL BY NAME (SELECT * FROM ${load.relation}${order(load)})`;
  return write(step, allNew(load.content.rows), query, ledger, kept);
}

function cell(load: Load, name: string, type: string): string {
  const own = load.columns.some((column) => column.name === name);
  return own ? `load.${identifier(name)}` : `CAST(NULL AS ${type}) AS ${identifier(name)}`;
}
