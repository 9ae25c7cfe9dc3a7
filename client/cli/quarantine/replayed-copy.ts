import type { SourceReport } from '../../../activities/ingest/staging/source-report.ts';
import type { CopyOptions } from '../../../workflows/definition/index.ts';
import { isExportedAsJson } from './export-name.ts';

/**
 * Whether corrected records alone do for the table of a copy. Where rows that the files lack vanish, or the latest of them
 * counts, those records mean nothing without the others.
 */
export function takesRecordsAlone({ mode, keepLatestBy }: Pick<CopyOptions, 'mode' | 'keepLatestBy'>): boolean {
  return mode === 'append' || (mode === 'merge' && keepLatestBy === undefined);
}

/**
 * The copy that brings corrected records into the table of an earlier one that appended or merged. How the first files
 * were written says nothing of this one; the types that were found there are held to.
 */
export function replayedCopy(
  copy: CopyOptions,
  table: string,
  report: SourceReport | undefined,
  file: string,
): CopyOptions {
  const { to, mode, key, keepLatestBy, partitionBy, contract, declare, nested } = copy;
  // JSON records keep their own fields; in all else the columns have been exported under their names.
  const isJson = isExportedAsJson(report);
  const found = (report?.tables ?? [])
    .filter(({ list }) => list === '')
    .flatMap(({ columns }) => columns.filter(({ origin }) => origin === 'inferred'))
    .map(({ name, field, type }) => [isJson ? field : name, type] as const);
  return {
    from: [file],
    to,
    table,
    mode,
    key,
    ...(keepLatestBy ? { keepLatestBy } : {}),
    ...(partitionBy ? { partitionBy } : {}),
    ...(contract ? { contract } : {}),
    declare: { ...Object.fromEntries(found), ...declare },
    ...(nested ? { nested } : {}),
  };
}
