import { parseBigQueryUrl } from '../../workflows/definition/bigquery-url.ts';
import type { BigQuerySource, FileSource } from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

/** What is said of files, and nobody can say of a table. What is said of how a file is written means nothing there, and does no harm. */
const OF_FILES = ['keepLatestBy', 'freshWithin'] as const;

/**
 * A source of files whose setting leads to a table of BigQuery instead: the contract stays. Throws `DefinitionInvalid`.
 *
 * @param source its path is what the setting says
 */
export function inBigQuery(source: FileSource, setting: string, where: string): BigQuerySource {
  const { path, columns, contract, key, badRows, nested } = source;
  const found = parseBigQueryUrl(path);
  const other = OF_FILES.find((option) => source[option] !== undefined);
  if (found?.table === undefined || other !== undefined) {
    throw new AcequiaError('DefinitionInvalid', {
      what:
        other === undefined
          ? `${setting} names no table of BigQuery.`
          : `${setting} leads to a table of BigQuery, and ${other} is for files only.`,
      where,
      remedy: `set ${setting} to bigquery://project/dataset/table, or to files`,
    });
  }
  return {
    kind: 'bigquery',
    place: `bigquery://${found.project}/${found.dataset}`,
    table: found.table,
    columns,
    ...(contract ? { contract } : {}),
    ...(key ? { key } : {}),
    ...(badRows ? { badRows } : {}),
    ...(nested ? { nested } : {}),
  };
}
