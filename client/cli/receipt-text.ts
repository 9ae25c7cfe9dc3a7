import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';
import { SEVERITIES } from '../../workflows/definition/check.ts';
import type { Receipt } from '../../workflows/receipt.ts';
import { count, counted, duration } from './figures.ts';

export interface ReceiptPlace {
  /** The run in the Web UI; absent when nobody knows where that is. */
  readonly link?: string;
  /** The server stops with the command, and its Web UI with it. */
  readonly embedded: boolean;
}

/** The closing account of a run for people: tables, checks, and where to look. Sums and names, no rows. */
export function receiptText(receipt: Receipt, place: ReceiptPlace, colors: Colors): string {
  const { run } = receipt;
  const took = duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt));
  const lines = [
    tableOfTables(receipt),
    ...receipt.sources.flatMap(sourceNotes),
    ...checkLines(receipt, colors),
    `duration     ${took}`,
    `run          ${linkText(place, run)}`,
    ...receipt.results.map((path) => `result       ${path}`),
  ];
  // Of a run that failed half-way the sums say nothing new.
  if (!receipt.accounted && receipt.error === null)
    lines.push(colors.red('✗ the sums do not close: not every row is accounted for'));
  return lines.join('\n');
}

function tableOfTables(receipt: Receipt): string {
  const table = new Table({
    head: ['table', 'read', 'loaded', 'quarantined'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const seen = new Set<string>();
  for (const { name, source, rows, destination } of receipt.tables) {
    const read = receipt.sources.find((candidate) => candidate.name === (source ?? name));
    if (read) seen.add(read.name);
    const loaded = destination === null ? `${count(rows)} (not published)` : count(rows);
    table.push([name, read ? count(read.read) : '', loaded, read ? count(read.quarantined) : '']);
  }
  for (const { name, read, quarantined, error } of receipt.sources) {
    if (!seen.has(name)) table.push([name, error ? 'failed' : count(read), '', error ? '' : count(quarantined)]);
  }
  return table.toString();
}

function sourceNotes({ name, reasons, error }: Receipt['sources'][number]): string[] {
  if (error) return [`${name}: ${error.message}`];
  if (reasons.length === 0) return [];
  return [`quarantined  ${name}: ${reasons.map(({ reason, rows }) => `${reason} (${count(rows)})`).join(', ')}`];
}

function checkLines({ checks }: Receipt, colors: Colors): string[] {
  if (checks.length === 0) return [];
  const broken = checks.filter(({ status }) => status !== 'passed');
  const counts = [...SEVERITIES].reverse().flatMap((severity) => {
    const failed = broken.filter((check) => check.severity === severity).length;
    return failed > 0 ? [`${counted(failed, severity)} failed`] : [];
  });
  const passed = checks.length - broken.length;
  return [
    `checks       ${[`${count(passed)} of ${count(checks.length)} passed`, ...counts].join(', ')}`,
    ...broken.map(({ name, severity, status, failed, sample, query }) => {
      // A guard or a sum is no statement about rows: its sample is a sentence.
      const rows = query === null ? 'does not hold' : counted(failed, 'row');
      const what = status === 'error' ? 'could not be asked' : rows;
      const paint = severity === 'error' || severity === 'critical' ? colors.red : colors.yellow;
      const keys = sample.length > 0 ? `: ${sample.slice(0, 5).join(', ')}${failed > 5 ? ', …' : ''}` : '';
      return `  ${paint(`${status === 'error' ? '✗' : '!'} ${severity}`)} ${name}: ${what}${keys}`;
    }),
  ];
}

function linkText({ link, embedded }: ReceiptPlace, { workflowId, runId }: Receipt['run']): string {
  if (!link) return `${workflowId}, ${runId} (TEMPORAL_UI_URL says where the Web UI is)`;
  return embedded ? `${link}\n             (while \`npm run dev\` is up)` : link;
}
