import { overrideWords } from '../../workflows/overrides.ts';
import { isPublished, type Receipt } from '../../workflows/receipt.ts';

/** What a person reads first for each outcome. */
const VERDICTS: Readonly<Record<Receipt['run']['outcome'], string>> = {
  succeeded: '✓ published',
  warned: '! needs attention',
  blocked: '✗ blocked by a check',
  failed: '✗ failed',
  cancelled: '✗ cancelled',
  skipped: '· skipped',
};

/** It becomes part of a run's history: the rows of one table, the statements, and the characters of one of these. */
const MOST_ROWS = 100;
const MOST_STATEMENTS = 20;
const STATEMENT_WIDTH = 300;
/** As much of a digest as tells two apart; the receipt has it whole. */
const SHORT_DIGEST = 12;

/** The receipt for the Web UI and for files: counts and names, no keys of rows. */
export function receiptMarkdown(receipt: Receipt): string {
  const { run, steps, sources, tables, checks, error, versions } = receipt;
  const failing = checks.filter(({ status }) => status !== 'passed');
  const parts = [
    `**${VERDICTS[run.outcome]}**: ${run.pipeline} in ${run.environment}, as of ${run.asOf ?? 'unknown'}. ${
      receipt.accounted ? 'Every row is accounted for.' : '**Not every row is accounted for.**'
    }`,
    ...(error ? [`**${error.type}** in ${error.stage}:\n\n    ${error.message.replaceAll('\n', '\n    ')}`] : []),
    table(
      ['source', 'read', 'staged', 'quarantined', 'deduplicated', 'files', 'bytes', 'sha-256'],
      sources.map((s) => [
        ...[s.name, s.read, s.staged, s.quarantined, s.deduplicated],
        ...[s.files, s.bytes, short(s.digest)],
      ]),
    ),
    table(
      ['step', 'rows in', 'rows out', 'seconds'],
      steps.map((s) => [stepName(s), s.rowsIn ?? '', s.rowsOut ?? '', (s.durationMs / 1_000).toFixed(1)]),
    ),
    table(
      ['table', 'rows', 'inserted', 'updated', 'unchanged', 'removed', 'deduplicated', 'destination', 'mode', 'digest'],
      tables.map((t) => [
        ...[t.name, t.rows, t.inserted, t.updated, t.unchanged, t.removed, t.deduplicated],
        ...[t.destination ?? 'not published', t.mode ?? '', short(t.digest)],
      ]),
    ),
    table(
      ['table', 'quarantined', 'filtered', 'outdated'],
      tables
        .filter((t) => t.quarantined + t.filtered + t.outdated > 0)
        .map((t) => [t.name, t.quarantined, t.filtered, t.outdated]),
    ),
    changedStructure(tables),
    table(
      ['uploaded', 'bytes', 'sent', 'sha-256'],
      receipt.uploads.map((one) => [one.uri, one.bytes, one.sent ? 'yes' : 'was there', short(one.digest)]),
    ),
    table(
      ['severity', 'check', 'failing rows'],
      failing.map((check) => [
        `${check.severity}${check.blocking ? ', blocking' : ''}`,
        check.override ? `${check.name} (${overrideWords(check.override.reason, isPublished(receipt))})` : check.name,
        check.failed,
      ]),
    ),
    `${checks.length - failing.length} of ${checks.length} checks passed. From ${run.startedAt} to ${run.finishedAt}.`,
    `Acequia ${versions.acequia}, DuckDB ${versions.duckdb}, Node ${versions.node}; plan ${short(run.planDigest) || 'none'}.`,
  ];
  return parts.filter(Boolean).join('\n\n');
}

function stepName({ name, slice, state }: Receipt['steps'][number]): string {
  return `${name}${slice === null ? '' : ` ${slice}`}${state === 'failed' ? ' (failed)' : ''}`;
}

/** As a block of code, which nothing in a name can end. */
function changedStructure(tables: Receipt['tables']): string {
  const statements = tables.flatMap(({ ddl }) => ddl);
  if (statements.length === 0) return '';
  const shown = statements.slice(0, MOST_STATEMENTS).map((statement) => {
    const line = statement.replaceAll(/\s+/g, ' ');
    return `    ${line.length > STATEMENT_WIDTH ? `${line.slice(0, STATEMENT_WIDTH)}…` : line}`;
  });
  const more = statements.length - shown.length;
  return ['Structure of destinations changed:', '', ...shown, ...(more > 0 ? [`    … and ${more} more`] : [])].join(
    '\n',
  );
}

function short(digest: string | null): string {
  return digest?.slice(0, SHORT_DIGEST) ?? '';
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly (string | number)[]): string => `| ${cells.map(cell).join(' | ')} |`;
  const more = rows.length - MOST_ROWS;
  const left = more > 0 ? [line([`… and ${more} more`, ...head.slice(1).map(() => '')])] : [];
  return [line(head), line(head.map(() => '---')), ...rows.slice(0, MOST_ROWS).map(line), ...left].join('\n');
}

function cell(value: string | number): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : value.replaceAll('|', '\\|');
}
