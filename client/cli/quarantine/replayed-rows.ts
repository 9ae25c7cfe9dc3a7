import { literal } from '../../../activities/duckdb/identifiers.ts';
import type { Correction } from '../../../workflows/definition/index.ts';
import { found } from '../found.ts';
import { EXPORT_COLUMNS } from './export-columns.ts';
import { exportDelimiter } from './without-export-columns.ts';

/** What tells one quarantined row from the others, in the quarantine and in what was exported of it. */
const IN_QUARANTINE = ['file', 'CAST(line AS VARCHAR)', letters('record')];
const COLUMNS = [...EXPORT_COLUMNS, 'behind'].map((name) => `'${name}': 'VARCHAR'`).join(', ');
const IN_EXPORT = ["coalesce(_file, '')", "coalesce(_line, '')", letters('_record')];

/**
 * SQL: the quarantined rows that corrections stand for, as far as these say it: `file, line, record`, the record without
 * white space, which a spreadsheet may have written in its own way. A line that cannot be read stands for no row.
 */
export async function replayedRows(corrections: readonly Correction[]): Promise<string> {
  const queries = ["SELECT '' AS file, '' AS line, '' AS record WHERE false"];
  for (const { places } of corrections) {
    if (places === undefined || !found(places)) continue;
    queries.push(`SELECT ${IN_EXPORT.join(', ')} FROM ${await exportedRows(places)}`);
  }
  return `(${queries.join(' UNION ALL ')})`;
}

/** SQL: the columns of an export's front, as a file that holds nothing else has them. */
export async function exportedRows(places: string): Promise<string> {
  const delimiter = (await exportDelimiter(places)) ?? ',';
  return `read_csv(${literal(places)}, columns = {${COLUMNS}}, header = true, delim = ${literal(delimiter)},
    quote = '"', escape = '"', auto_detect = false, strict_mode = false, ignore_errors = true)`;
}

/** SQL: whether a row of the quarantine is one of `handedIn`, which is SQL as well. */
export function isReplayed(handedIn: string): string {
  return `((${IN_QUARANTINE.join(', ')}) IN (SELECT (file, line, record) FROM ${handedIn}))`;
}

/** SQL: a text without white space. */
export function letters(text: string): string {
  return `regexp_replace(coalesce(${text}, ''), '\\s+', '', 'g')`;
}
