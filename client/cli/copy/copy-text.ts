import type { FileReport, TableReport } from '../../../activities/ingest/staging/source-report.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { counted } from '../figures.ts';
import { headed } from '../headed.ts';
import { shortId } from '../runs/stored-runs.ts';
import type { ToldSource } from '../runs/source-reports.ts';
import { terminalText } from '../runs/terminal-text.ts';
import { whyType } from '../runs/type-words.ts';
import { typedCommand } from '../shell-words.ts';
import { asFlags } from './as-flags.ts';

/** Lines of files, and of columns, that one screen bears; `explain` shows all. */
const MOST_FILES = 6;
const MOST_COLUMNS = 16;

/** How the files of a copy were read and what their columns became, for the end of its screen. */
export function copyNotes({ run, sources }: Receipt, told: readonly ToldSource[]): string[] {
  const files = told.flatMap(({ report }) => report.files.map(inFlags));
  const columns = columnLines(told.flatMap(({ report }) => report.tables));
  const more = files.length > MOST_FILES || columns.length > MOST_COLUMNS;
  const quarantined = sources.filter((source) => source.quarantined + source.discarded > 0);
  return [
    ...headed('read', files.slice(0, MOST_FILES).flatMap(fileLines)),
    ...headed('types', columns.slice(0, MOST_COLUMNS)),
    ...(more ? [`             all of it: ${typedCommand(['explain', shortId(run.runId)])}`] : []),
    ...discardedLines(sources),
    ...(quarantined.length > 0 ? headed('look', [typedCommand(['quarantine', 'show', shortId(run.runId)])]) : []),
  ];
}

/** What is strange about a file, with advice in flags. */
function inFlags(file: FileReport): FileReport {
  return { ...file, warnings: file.warnings.map(asFlags) };
}

/** `ventas.csv: csv, ; between fields, header (97 % sure), utf-8` and what was strange about it. */
export function fileLines({
  name,
  format,
  compression,
  encoding,
  dialect,
  confidence,
  warnings,
}: FileReport): string[] {
  const parts = [
    format,
    ...(dialect === '' ? [] : [confidence < 1 ? `${dialect} (${sure(confidence)} sure)` : dialect]),
    ...(encoding === '' ? [] : [encoding]),
    ...(compression === 'none' || compression === '' ? [] : [compression]),
  ];
  return [
    `${terminalText(name)}: ${parts.map((part) => terminalText(part, 200)).join(', ')}`,
    ...warnings.map((warning) => `  ! ${terminalText(warning, 300)}`),
  ];
}

/** Never 100 % where it is less. */
function sure(confidence: number): string {
  return `${Math.min(99, Math.round(confidence * 100))} %`;
}

function columnLines(tables: readonly TableReport[]): string[] {
  const columns = tables.flatMap(({ name, columns: own }) =>
    own.map((column) => ({ label: terminalText(`${name}.${column.name}`), type: column.type, why: whyType(column) })),
  );
  const width = Math.max(0, ...columns.map(({ label }) => label.length));
  const types = Math.max(0, ...columns.map(({ type }) => type.length));
  return columns.map(({ label, type, why }) => `${label.padEnd(width)}  ${type.padEnd(types)}  ${why}`.trimEnd());
}

function discardedLines(sources: Receipt['sources']): string[] {
  return headed(
    'left out',
    sources.flatMap(({ name, discarded }) =>
      discarded > 0 ? [`${name}: ${counted(discarded, 'value')} of rows that were kept`] : [],
    ),
  );
}
