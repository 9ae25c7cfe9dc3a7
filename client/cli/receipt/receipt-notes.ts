import type { Receipt, ReceiptSource, ReceiptStep, ReceiptTable } from '../../../workflows/receipt.ts';
import type { TableChanges } from '../../../workflows/difference.ts';
import { count, counted, duration, size } from '../figures.ts';
import { headed } from '../headed.ts';
import { terminalText } from '../runs/terminal-text.ts';

/** Lines of one kind that a screen bears; the JSON has all. */
const MOST_LINES = 50;
const SHORT_DIGEST = 12;
const STATEMENT_WIDTH = 300;

/** What a receipt says beyond its sums, a line each: sources, steps, loads, changed structure. Names and counts, no rows. */
export function receiptNotes({ sources, steps, tables, replay }: Receipt): string[] {
  return [
    ...some('replay', replay ? [`of run ${replay.runId}`, ...replay.tables.map(changesLine)] : []),
    ...some('sources', sources.flatMap(sourceLines)),
    ...some('steps', steps.map(stepLine)),
    ...some('loads', tables.flatMap(loadLines)),
    ...some(
      'structure',
      tables.flatMap(({ ddl }) => ddl.map((statement) => terminalText(statement, STATEMENT_WIDTH))),
    ),
  ];
}

function changesLine({ name, added, removed, changed, unchanged }: TableChanges): string {
  return `${name}: ${count(added)} added, ${count(removed)} removed, ${count(changed)} changed, ${count(unchanged)} unchanged`;
}

function sourceLines({ name, error, files, bytes, digest, read, reading }: ReceiptSource): string[] {
  if (error) return [];
  // Taken from where they wait, no files are landed.
  if (files === 0 && digest === null) return [`${name}: ${counted(read, 'record')} taken`];
  const kinds = (reading?.kinds ?? []).map(({ format, compression, encoding, dialect, files: times }) => {
    const parts = [format, dialect, encoding, compression === 'none' ? '' : compression].filter(Boolean);
    return `  ${times === files ? '' : `${counted(times, 'file')}: `}${terminalText(parts.join(', '), STATEMENT_WIDTH)}`;
  });
  return [`${name}: ${counted(files, 'file')}, ${size(bytes)}, sha256 ${short(digest)}`, ...kinds];
}

function stepLine({ name, slice, state, durationMs, rowsIn, rowsOut }: ReceiptStep): string {
  const parts = [
    duration(durationMs),
    ...(rowsIn === null ? [] : [`${count(rowsIn)} in`]),
    ...(rowsOut === null ? [] : [`${count(rowsOut)} out`]),
    ...(state === 'failed' ? ['failed'] : []),
  ];
  return `${name}${slice === null ? '' : ` ${slice}`}: ${parts.join(', ')}`;
}

function loadLines(table: ReceiptTable): string[] {
  const { name, destination, mode, digest } = table;
  if (destination === null) return [];
  const parts = (['inserted', 'updated', 'unchanged', 'removed', 'deduplicated', 'filtered'] as const).flatMap(
    (what) => (table[what] === 0 ? [] : [`${count(table[what])} ${what}`]),
  );
  const how = mode === null ? '' : `, ${mode}`;
  return [`${name} to ${destination}${how}: ${[...parts, `digest ${short(digest)}`].join(', ')}`];
}

function short(digest: string | null): string {
  return digest?.slice(0, SHORT_DIGEST) ?? 'unknown';
}

function some(head: string, lines: readonly string[]): string[] {
  const more = lines.length - MOST_LINES;
  return headed(head, more > 0 ? [...lines.slice(0, MOST_LINES), `… and ${count(more)} more (--json has all)`] : lines);
}
