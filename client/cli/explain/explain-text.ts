import Table from 'cli-table3';
import type { TableReport } from '../../../activities/ingest/staging/source-report.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { fileLines } from '../copy/copy-text.ts';
import { count, counted } from '../figures.ts';
import type { ToldSource } from '../runs/source-reports.ts';
import { terminalText } from '../runs/terminal-text.ts';
import { allRuledOut, whyType } from '../runs/type-words.ts';

/** Files of one source that are named one by one. */
const MOST_FILES = 50;

/** How a run's files were read, for people. Names and lines; no values. */
export function explainText({ run, sources }: Receipt, told: readonly ToldSource[]): string {
  const failed = sources.flatMap(({ name, error }) => (error ? [`${name}: ${error.message}`] : []));
  return [
    `${run.pipeline}, run ${run.runId}, started ${run.startedAt}: ${run.outcome}`,
    ...told.flatMap((one) => ['', ...sourceLines(one)]),
    ...(failed.length > 0 ? ['', ...failed] : []),
    ...(told.length === 0 && failed.length === 0 ? ['it ended before a source was read'] : []),
  ].join('\n');
}

function sourceLines({ source, report }: ToldSource): string[] {
  const { files, tables, leftOut, missing } = report;
  const more = files.length - MOST_FILES;
  return [
    `${source.name}: ${counted(source.read, 'record')} read, ${count(source.staged)} staged, ${count(source.quarantined)} quarantined${source.deduplicated > 0 ? `, ${count(source.deduplicated)} deduplicated` : ''}`,
    ...files.slice(0, MOST_FILES).flatMap((file) => fileLines(file).map((line) => `  ${line}`)),
    ...(more > 0 ? [`  … and ${counted(more, 'file')} more (--json names them)`] : []),
    ...tables.flatMap(tableLines),
    ...(leftOut.length > 0 ? [`left out, as the contract does not name them: ${leftOut.map(quoted).join(', ')}`] : []),
    ...missing.map(({ column, files: without }) => `${quoted(column)} is missing in ${without.map(quoted).join(', ')}`),
  ];
}

/** `in the file` is empty where a column kept its name. */
function tableLines({ name, list, columns }: TableReport): string[] {
  const table = new Table({
    head: [
      `${terminalText(name)}${list === '' ? '' : ` (${terminalText(list)})`}`,
      'in the file',
      'type',
      'why',
      'ruled out',
    ],
    style: { head: [], border: [], compact: true },
    wordWrap: false,
  });
  for (const column of columns) {
    table.push([
      terminalText(column.name),
      column.field === column.name ? '' : terminalText(column.field),
      column.type,
      whyType(column) || 'fits every value',
      column.origin === 'declared' ? '' : allRuledOut(column),
    ]);
  }
  return [table.toString()];
}

function quoted(text: string): string {
  return JSON.stringify(terminalText(text));
}
