import { columnTypeName } from '../../workflows/definition/index.ts';
import type { FailedSource } from '../../workflows/stages.ts';
import { pathOf, type Settled, type SettledColumn } from './contract/settled.ts';
import type { ParkedSourceFile } from './parked.ts';
import type { FileRows } from './read-files.ts';
import type { FileFormatJob } from './describe/description.ts';
import type { RowLayout } from './rows/layout.ts';
import type { RowsSummary } from './rows/reading.ts';
import type { ColumnReport, FileReport, SourceReport } from './staging/source-report.ts';
import type { StagedCounts } from './staging/staged-files.ts';

/** Warnings of one file that a report keeps. */
const MOST_WARNINGS = 20;

/** Puts together what is known of how a source was read. */
export function reportOn(
  settled: Settled,
  files: readonly FileRows[],
  parked: readonly ParkedSourceFile[],
  counts: StagedCounts,
): SourceReport {
  return {
    counts,
    files: files.map(fileReport),
    tables: settled.tables.map(({ name, list, columns }) => ({ name, list, columns: columns.flatMap(columnReport) })),
    leftOut: settled.leftOut.map(({ list, field }) => pathOf(list, field)),
    missing: settled.tables[0].columns.flatMap(({ name, absentIn }) =>
      absentIn.length > 0 ? [{ column: name, files: absentIn }] : [],
    ),
    parked: parked.map(failedFile),
  };
}

/** A file's failure as the receipt shows it. */
export function failedFile({ name, error }: ParkedSourceFile): FailedSource {
  return { name, error: { type: error.type, message: error.message, stage: 'ingest' } };
}

function fileReport({ file, description, layout, summary }: FileRows): FileReport {
  const strange = summary.warnings.map(({ what, line, rows }) =>
    rows === 1 ? `line ${line}: ${what}` : `${rows} times, first on line ${line}: ${what}`,
  );
  return {
    name: file.name,
    bytes: file.landed.bytes,
    digest: file.landed.digest,
    landing: file.landed.uri,
    read: summary.records,
    format: file.format,
    compression: file.compression,
    encoding: file.encoding?.encoding ?? '',
    dialect: description.dialect,
    ...csvOf(description.format),
    confidence: description.confidence,
    warnings: [
      ...file.warnings,
      ...description.warnings,
      ...listWarnings(description.format, layout, summary),
      ...strange,
    ].slice(0, MOST_WARNINGS),
  };
}

/** A document that is one record around a list is mostly meant to be that list. */
function listWarnings(format: FileFormatJob, layout: RowLayout, summary: RowsSummary): string[] {
  if (format.kind !== 'json' || format.records !== '' || summary.records !== 1) return [];
  return layout.tables.flatMap(({ path }, index) => {
    const rows = summary.tables[index]?.good?.rows ?? 0;
    const list = /^([^[]+)\[\]$/.exec(path)?.[1];
    if (list === undefined || rows < 2) return [];
    return [
      `it is one record, with a list of ${rows} in ${list}: where those are the records, name ${list} as their path`,
    ];
  });
}

/** As a definition would declare it. */
function csvOf(format: FileFormatJob): Pick<FileReport, 'csv'> {
  if (format.kind !== 'csv') return {};
  const { delimiter, quote, header, comment } = format;
  const quoting = quote === '"' || quote === "'" ? quote : 'none';
  return { csv: { delimiter, quote: quoting, header, ...(comment === '' ? {} : { comment }) } };
}

function columnReport({ name, field, type, required, origin, evidence }: SettledColumn): ColumnReport[] {
  if (origin === 'forbidden') return [];
  const typeName = `${columnTypeName(type)}${required ? '!' : ''}`;
  return [{ name, field, type: typeName, origin, ruledOut: evidence?.ruledOut ?? [] }];
}
