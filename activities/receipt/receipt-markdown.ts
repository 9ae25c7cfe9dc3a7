import type { Receipt } from '../../workflows/receipt.ts';

/** What a person reads first for each outcome. */
const VERDICTS: Readonly<Record<Receipt['run']['outcome'], string>> = {
  succeeded: '✓ published',
  warned: '! needs attention',
  blocked: '✗ blocked by a check',
  failed: '✗ failed',
  cancelled: '✗ cancelled',
  skipped: '· skipped',
};

/** The receipt for the Web UI and for files: counts and names, no keys of rows. */
export function receiptMarkdown(receipt: Receipt): string {
  const { run, sources, tables, checks, error } = receipt;
  const failing = checks.filter(({ status }) => status !== 'passed');
  const parts = [
    `**${VERDICTS[run.outcome]}**: ${run.pipeline} in ${run.environment}, as of ${run.asOf ?? 'unknown'}. ${
      receipt.accounted ? 'Every row is accounted for.' : '**Not every row is accounted for.**'
    }`,
    ...(error ? [`**${error.type}** in ${error.stage}:\n\n    ${error.message.replaceAll('\n', '\n    ')}`] : []),
    table(
      ['source', 'read', 'staged', 'quarantined', 'bytes'],
      sources.map((source) => [source.name, source.read, source.staged, source.quarantined, source.bytes]),
    ),
    table(
      ['table', 'rows', 'inserted', 'updated', 'unchanged', 'removed', 'destination'],
      tables.map((t) => [
        t.name,
        t.rows,
        t.inserted,
        t.updated,
        t.unchanged,
        t.removed,
        t.destination ?? 'not published',
      ]),
    ),
    table(
      ['severity', 'check', 'failing rows'],
      failing.map((check) => [`${check.severity}${check.blocking ? ', blocking' : ''}`, check.name, check.failed]),
    ),
    `${checks.length - failing.length} of ${checks.length} checks passed. From ${run.startedAt} to ${run.finishedAt}.`,
  ];
  return parts.filter(Boolean).join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly (string | number)[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function cell(value: string | number): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : value.replaceAll('|', '\\|');
}
