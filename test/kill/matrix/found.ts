import type { Rows, State } from './reader.ts';

/**
 * What a reader finds of a publication that was cut off. `whole`: all tables as before, or all as after. `by table`: some are
 * as before and some as after, each of them wholly. `by partition`: so are the partitions of a table.
 */
export type Found = 'whole' | 'by table' | 'by partition' | 'broken';

export function found(state: State, old: State, after: State): Found {
  const sides = Object.entries(state.tables).map(([table, rows]) =>
    sideOf(rows, old.tables[table] ?? {}, after.tables[table] ?? {}),
  );
  if (sides.includes('neither')) return 'broken';
  if (sides.includes('mixed')) return 'by partition';
  return sides.includes('old') && sides.includes('new') ? 'by table' : 'whole';
}

function sideOf(rows: Rows, old: Rows, after: Rows): 'old' | 'new' | 'both' | 'mixed' | 'neither' {
  const parts = [...new Set([...Object.keys(rows), ...Object.keys(old), ...Object.keys(after)])];
  const isOld = parts.every((part) => rows[part] === old[part]);
  const isNew = parts.every((part) => rows[part] === after[part]);
  if (isOld && isNew) return 'both';
  if (isOld) return 'old';
  if (isNew) return 'new';
  const isMixed = parts.every((part) => rows[part] === old[part] || rows[part] === after[part]);
  return isMixed && parts.length > 1 ? 'mixed' : 'neither';
}

export function same(one: State, other: State): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What a state has otherwise than it should, in words. */
export function difference(state: State, expected: State): string {
  const [there, wanted] = [linesOf(state), linesOf(expected)];
  const lacking = wanted.filter((line) => !there.includes(line));
  const more = there.filter((line, index) => !wanted.includes(line) || there.indexOf(line) < index);
  return `lacks ${some(lacking)}; has ${some(more)} instead`;
}

function some(lines: readonly string[]): string {
  const more = lines.length > 4 ? ` and ${lines.length - 4} more` : '';
  return `${lines.slice(0, 4).join(', ') || 'nothing'}${more}`;
}

function linesOf({ tables, ledger }: State): string[] {
  const parts = Object.values(tables).flatMap((rows) => Object.entries(rows));
  return [...parts.map(([part, digest]) => `${part} ${digest}`), ...ledger];
}
