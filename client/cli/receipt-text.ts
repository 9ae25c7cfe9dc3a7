import Table from 'cli-table3';
import type { Colors } from 'picocolors/types.js';
import { SEVERITIES } from '../../workflows/definition/check.ts';
import { overrideWords } from '../../workflows/overrides.ts';
import { isPublished, type Receipt, type ReceiptCheck } from '../../workflows/receipt.ts';
import { count, counted, duration } from './figures.ts';
import { headed } from './headed.ts';
import { fitting, keyList } from './key-list.ts';
import { terminalText } from './runs/terminal-text.ts';

export interface ReceiptPlace {
  /** The run in the Web UI; absent when nobody knows where that is. */
  readonly link?: string;
  /** The server stops with the command, and its Web UI with it. */
  readonly embedded: boolean;
  /** The receipt itself: it holds every check's query and where the quarantined rows are. */
  readonly receipt?: string;
}

const LONGEST = Math.max(...SEVERITIES.map(({ length }) => length));

/** Statements that one screen bears. */
const MOST_STATEMENTS = 8;

/** Uploaded objects that one screen bears. */
const MOST_UPLOADS = 8;

/** Characters that reasons may take on one line; the receipt has all of them. */
const REASONS_WIDTH = 125;

/**
 * The closing account of a run for people: tables, checks, and where to look. Sums and names, no rows.
 *
 * @param notes lines about how the files were read
 */
export function receiptText(
  receipt: Receipt,
  place: ReceiptPlace,
  colors: Colors,
  notes: readonly string[] = [],
): string {
  const { run } = receipt;
  const took = duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt));
  const lines = [
    ...tableOfTables(receipt),
    ...receipt.sources.flatMap(sourceNotes),
    ...receipt.tables.filter(isFirst).flatMap((table) => quarantineNotes({ ...table, name: `models.${table.name}` })),
    ...headed('filtered', filteredLines(receipt)),
    ...headed('deduplicated', deduplicatedLines(receipt)),
    ...headed('outdated', outdatedLines(receipt)),
    ...headed('structure', structureLines(receipt, colors)),
    ...notes,
    ...checkLines(receipt, colors),
    ...headed('read', sampleLines(receipt)),
    `duration     ${took}`,
    `run          ${linkText(place, run)}`,
    ...(place.receipt ? [`receipt      ${place.receipt}`] : []),
    ...receipt.results.map((path) => `result       ${path}`),
    ...headed('uploaded', uploadLines(receipt)),
    ...metricsLines(receipt),
  ];
  // Of a run that failed half-way the sums say nothing new.
  if (!receipt.accounted && receipt.error === null)
    lines.push(colors.red('✗ the sums do not close: not every row is accounted for'));
  return lines.join('\n');
}

/** Objects, or where there are many how many, and what they have in common. */
function uploadLines({ uploads }: Receipt): string[] {
  const shown = uploads.slice(0, MOST_UPLOADS).map(({ uri, sent }) => `${uri}${sent ? '' : ' (was there)'}`);
  const more = uploads.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${count(more)} more, in the receipt`] : [])];
}

/** Nothing of a run that came to none. */
function tableOfTables(receipt: Receipt): string[] {
  const table = new Table({
    head: ['table', 'read', 'loaded', 'quarantined'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const seen = new Set<string>();
  // Beside tables that were published, the others are steps on their way.
  const isDone = isPublished(receipt);
  for (const { name, source, rows, destination, quarantined, outdated } of receipt.tables) {
    const read = receipt.sources.find((candidate) => candidate.name === (source ?? name));
    if (read) seen.add(read.name);
    const loaded =
      destination === null ? `${count(rows)} ${isDone ? '(a step)' : '(not published)'}` : count(rows - outdated);
    table.push([
      name,
      read ? count(read.read) : '',
      loaded,
      read || quarantined > 0 ? count((read?.quarantined ?? 0) + quarantined) : '',
    ]);
  }
  for (const { name, read, quarantined, error } of receipt.sources) {
    if (!seen.has(name)) table.push([name, error ? 'failed' : count(read), '', error ? '' : count(quarantined)]);
  }
  return table.length > 0 ? [table.toString()] : [];
}

function sourceNotes({ name, reasons, error }: Receipt['sources'][number]): string[] {
  return error ? [`${name}: ${error.message}`] : quarantineNotes({ name, reasons });
}

function quarantineNotes({ name, reasons }: Pick<Receipt['sources'][number], 'name' | 'reasons'>): string[] {
  if (reasons.length === 0) return [];
  const named = reasons.map(({ reason, rows }) => `${count(rows)} × ${reason}`);
  return [`quarantined  ${name}: ${fitting(named, ', ', REASONS_WIDTH)}`];
}

/** Of a table that went to several destinations one entry. */
function isFirst(
  { name }: { readonly name: string },
  index: number,
  all: readonly { readonly name: string }[],
): boolean {
  return all.findIndex((other) => other.name === name) === index;
}

/** Rows of a sample look like any others: which databases were not read is said. */
function sampleLines({ run, sources }: Receipt): string[] {
  if (run.sample !== true) return [];
  const settings = sources.flatMap(({ uri }) => /^postgres:([A-Z][A-Z0-9_]*)\//.exec(uri)?.[1] ?? []);
  return settings.length === 0
    ? []
    : [`the embedded sample, in the place of ${[...new Set(settings)].join(' and ')}, which is not set`];
}

function filteredLines({ tables, run }: Receipt): string[] {
  return tables
    .filter(isFirst)
    .flatMap(({ name, filtered }) =>
      filtered > 0 ? [`${name}: ${counted(filtered, 'row')} from before ${run.options?.since ?? 'then'}`] : [],
    );
}

/** Rows that were dropped on purpose, where they were: a table of its source only says so where it dropped more. */
function deduplicatedLines({ sources, tables }: Receipt): string[] {
  const ofSource = (name: string | null): number => sources.find((source) => source.name === name)?.deduplicated ?? 0;
  const ofTables = new Map(tables.map(({ name, source, deduplicated }) => [name, deduplicated - ofSource(source)]));
  return [...sources.map(({ name, deduplicated }) => [name, deduplicated] as const), ...ofTables].flatMap(
    ([name, rows]) => (rows > 0 ? [`${name}: ${counted(rows, 'row')} of whose key a later one was taken`] : []),
  );
}

/** Rows that met a version of themselves that counts for more. */
function outdatedLines({ tables }: Receipt): string[] {
  return tables.flatMap(({ name, destination, outdated, plan }) => {
    const by = plan?.keepLatestBy?.join(', ') ?? 'its order';
    return outdated > 0
      ? [
          `${name}: ${counted(outdated, 'row')} left aside: by ${by} what is in ${destination ?? ''} is the later version`,
        ]
      : [];
  });
}

/** Statements that changed a table at its destination; the receipt has all of them. */
function structureLines({ tables }: Receipt, colors: Colors): string[] {
  const statements = tables.flatMap(({ destination, ddl }) => ddl.map((statement) => `${destination}: ${statement}`));
  const more = statements.length - MOST_STATEMENTS;
  return [
    ...statements.slice(0, MOST_STATEMENTS).map((statement) => colors.yellow(`! ${terminalText(statement, 200)}`)),
    ...(more > 0 ? [`and ${count(more)} more, in the receipt`] : []),
  ];
}

function checkLines(receipt: Receipt, colors: Colors): string[] {
  const { checks } = receipt;
  if (checks.length === 0) return [];
  const broken = checks.filter(({ status }) => status !== 'passed');
  const counts = [...SEVERITIES].reverse().flatMap((severity) => {
    const failed = broken.filter((check) => check.severity === severity).length;
    return failed > 0 ? [counted(failed, severity)] : [];
  });
  const failed = counts.length > 0 ? `, ${count(broken.length)} failed: ${counts.join(', ')}` : '';
  return [
    `checks       ${count(checks.length - broken.length)} of ${count(checks.length)} passed${failed}`,
    ...broken.map((check) => {
      const { severity, status } = check;
      const paint = severity === 'error' || severity === 'critical' ? colors.red : colors.yellow;
      const line = `  ${paint(`${status === 'error' ? '✗' : '!'} ${severity.padEnd(LONGEST)}`)} ${check.name}: ${finding(check, receipt)}`;
      return check.override ? `${line}; ${overrideWords(check.override.reason, isPublished(receipt))}` : line;
    }),
  ];
}

/** What a failed check has found. A guard or a sum is no statement about rows: its sample is a sentence, or nothing. */
function finding({ status, failed, sample, query }: ReceiptCheck, receipt: Receipt): string {
  if (status === 'error') return ['could not be asked', ...sample].join(': ');
  if (query !== null)
    return [counted(failed, 'row'), ...(sample.length > 0 ? [keyList(sample, failed)] : [])].join(': ');
  const [sentence] = sample;
  return sentence === undefined ? `does not hold, by ${counted(failed, 'row')}` : withoutReasons(sentence, receipt);
}

/** The reasons of quarantined rows have a line of their own. */
function withoutReasons(sentence: string, { sources, tables }: Pick<Receipt, 'sources' | 'tables'>): string {
  const lists = [...sources, ...tables].flatMap(({ reasons: [first] }) =>
    first ? [`: ${count(first.rows)} × ${first.reason}`] : [],
  );
  const start = Math.max(...lists.map((list) => sentence.indexOf(list)), -1);
  return start < 0 ? sentence : sentence.slice(0, start);
}

function metricsLines({ metrics }: Receipt): string[] {
  if (metrics === null) return [];
  return headed('metrics', [
    Object.entries(metrics)
      .map(([name, value]) => `${name} ${count(value)}`)
      .join(', '),
  ]);
}

function linkText({ link, embedded }: ReceiptPlace, { workflowId, runId }: Receipt['run']): string {
  if (!link) return `${workflowId}, ${runId} (TEMPORAL_UI_URL says where the Web UI is)`;
  return embedded ? `${link}\n             (while \`npm run dev\` is up)` : link;
}
