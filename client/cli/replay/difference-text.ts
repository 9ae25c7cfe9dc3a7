import type { Colors } from 'picocolors/types.js';
import type { CellChange, RowValues, RunDifference, TableDifference } from '../../../workflows/difference.ts';
import { count, counted } from '../figures.ts';
import { headed } from '../headed.ts';
import { shortId } from '../runs/stored-runs.ts';
import { terminalText } from '../runs/terminal-text.ts';

const VALUE_WIDTH = 60;
const ROW_WIDTH = 200;

/**
 * The difference for people, a line each: counts of every table, its columns, and rows that stand for the others. What
 * comes out of files is made safe for a terminal.
 *
 * @param place where all of it can be read
 */
export function differenceText({ tables, then, now, unread }: RunDifference, place: string, colors: Colors): string[] {
  return [
    ...tables.flatMap((table) => tableLines(table, colors)),
    ...headed('then', [`run ${shortId(then.runId)} of ${then.startedAt}, as of ${then.asOf ?? 'no day'}`]),
    ...headed('now', [`run ${shortId(now.runId)} of ${now.startedAt}, as of ${now.asOf}`]),
    ...headed('left out', unread.length === 0 ? [] : [`what that run could not read: ${unread.map(safe).join(', ')}`]),
    ...headed('difference', [place]),
  ];
}

function tableLines(table: TableDifference, colors: Colors): string[] {
  const { name, state, key, keyless, examples } = table;
  const by = key.length > 0 ? ` (by ${key.map(safe).join(', ')})` : '';
  const head = `${safe(name)}: ${countsOf(table)}${state === 'compared' ? by : ''}`;
  if (state !== 'compared')
    return [`${head}; ${state === 'new' ? 'it was not published then' : 'it would not be published today'}`];
  return [
    head,
    ...(keyless === null ? [] : [`  whole rows are compared: ${safe(keyless)}`]),
    ...table.columns.map((column) => `  ${columnLine(column)}`),
    ...examples.added.map((row) => colors.green(`  + ${rowText(row, key)}`)),
    ...more(table.added, examples.added.length, 'added row'),
    ...examples.removed.map((row) => colors.red(`  - ${rowText(row, key)}`)),
    ...more(table.removed, examples.removed.length, 'removed row'),
    ...examples.changed.map((cell) => colors.yellow(`  ~ ${cellText(cell)}`)),
    ...more(changedCells(table), examples.changed.length, 'changed cell'),
  ];
}

/** `2 added, 1 changed, 94 unchanged` */
export function countsOf(table: Pick<TableDifference, 'added' | 'removed' | 'changed' | 'unchanged'>): string {
  const kinds = (['added', 'removed', 'changed'] as const).filter((kind) => table[kind] > 0);
  return [...kinds, 'unchanged' as const].map((kind) => `${count(table[kind])} ${kind}`).join(', ');
}

function changedCells({ columns }: TableDifference): number {
  return columns.reduce((sum, { changed }) => sum + changed, 0);
}

function columnLine({ name, then, now, changed }: TableDifference['columns'][number]): string {
  const cells = changed > 0 ? [counted(changed, 'changed cell')] : [];
  if (then === null) return `${safe(name)}: new column, ${now ?? ''}`;
  if (now === null) return `${safe(name)}: column gone, was ${then}`;
  return `${safe(name)}: ${[...(then === now ? [] : [`${then} → ${now}`]), ...cells].join(', ')}`;
}

/** The key in front, then the other values. */
function rowText(row: RowValues, key: readonly string[]): string {
  const names = [...key, ...Object.keys(row).filter((name) => !key.includes(name))];
  const text = names.map((name) => `${safe(name)}=${valueText(row[name])}`).join(', ');
  return text.length > ROW_WIDTH ? `${text.slice(0, ROW_WIDTH)}…` : text;
}

function cellText({ key, column, then, now }: CellChange): string {
  return `${rowText(key, Object.keys(key))}  ${safe(column)}: ${valueText(then)} → ${valueText(now)}`;
}

function valueText(value: string | null | undefined): string {
  return value === null || value === undefined ? 'NULL' : terminalText(value, VALUE_WIDTH);
}

function more(all: number, shown: number, noun: string): string[] {
  return all > shown && shown > 0 ? [`  … and ${counted(all - shown, `more ${noun}`)}`] : [];
}

function safe(name: string): string {
  return terminalText(name);
}
