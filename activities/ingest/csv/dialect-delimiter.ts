import { cellKind } from './cell-kind.ts';
import type { QuotedReading } from './dialect-quote.ts';
import type { DialectReading, ReadLine } from './dialect-reading.ts';
import type { TableStart } from './dialect-table.ts';

export const DELIMITERS = [',', ';', '\t', '|'] as const;

/** What splits the lines of a file of one column: nothing; a byte (unit separator) that no text has. */
export const ONE_COLUMN = '\u001f';

/** A delimiter with its best quote, and where its table begins. */
export interface Candidate extends QuotedReading {
  readonly table: TableStart;
  /** The first row is a header beyond doubt. */
  readonly headed: boolean;
  /** How many of a contract's names it has. */
  readonly promised: number;
}

export type Choice =
  | { readonly chosen: Candidate; readonly runnerUp?: Candidate; readonly confidence: number; readonly why: string }
  | { readonly one: Candidate; readonly other?: Candidate; readonly unsure: string };

/**
 * Chooses among the delimiters under which most records have the same fields, more than one.
 *
 * 1. Those whose table begins with the first line and holds nine records of ten or more come before those with a title
 *    above it, and both before all others.
 * 2. Between two such, the one under which the other is explained: every field that has the other in it is quoted, a
 *    number (`1,5`), or prose (`Smith, Ann`). When both or none are explained, the one that fits every record.
 * 3. When that settles nothing either, it is unsure. It is too when a first line without the delimiter stands over records
 *    that all have it (one column of prose, or a title?), unless less than four in five do: then the file has one column.
 *
 * `column`: the reading in which nothing splits.
 */
export function chooseDelimiter(candidates: readonly Candidate[], column: Candidate): Choice {
  const possible = candidates.filter(({ reading, table, headed }) => {
    if (reading.width < 2 || reading.records === 0) return false;
    return table.share >= 0.5 || headed || (table.confidence > 0 && table.width > 1 && reading.share >= 0.5);
  });
  for (const grade of [plainGrade, titledGrade]) {
    const [first, ...rest] = possible.filter(grade).sort((a, b) => b.reading.share - a.reading.share);
    if (!first) continue;
    const [second] = rest;
    if (!second && column.reading.width === 1 && couldBeDecimals(first.reading)) {
      return { one: first, other: column, unsure: 'every record is two whole numbers, or one with a decimal comma' };
    }
    if (!second) {
      const other = possible.find((candidate) => candidate !== first);
      const sure = first.reading.records > 4 ? 0.99 : 0.9;
      return {
        chosen: first,
        ...(other ? { runnerUp: other } : {}),
        confidence: sure * first.table.share,
        why: told(first),
      };
    }
    return among([first, second, ...rest.slice(1)]);
  }
  const [best, next] = [...possible].sort((a, b) => b.table.share - a.table.share);
  if (!best)
    return {
      chosen: column,
      confidence: looksSplit(candidates) ? 0.6 : 0.95,
      why: 'no delimiter splits its records alike',
    };
  if (next && best.table.share - next.table.share < 0.1) {
    return { one: best, other: next, unsure: 'neither delimiter splits its records alike, and both about as often' };
  }
  if (best.table.unsure !== undefined) {
    if (best.table.share < 0.8)
      return { chosen: column, runnerUp: best, confidence: 0.6, why: 'no delimiter splits its records alike' };
    return { one: best, other: column, unsure: best.table.unsure };
  }
  if (best.table.share < 0.8 && best.reading.width < 3 && !best.headed && best.table.width === best.reading.width) {
    return { one: best, other: column, unsure: 'many records have another number of fields' };
  }
  return { chosen: best, runnerUp: next ?? column, confidence: best.table.share * 0.8, why: told(best) };
}

function plainGrade({ table }: Candidate): boolean {
  return table.titles === 0 && table.unsure === undefined && table.share >= 0.9;
}

function titledGrade({ table }: Candidate): boolean {
  return table.titles > 0 && table.unsure === undefined && table.share >= 0.9;
}

/** Of several that split alike, in the order of how well: the one that has the better reason against each other. */
function among(rivals: readonly [Candidate, Candidate, ...Candidate[]]): Choice {
  const [first, second] = rivals;
  const beats = (one: Candidate, other: Candidate): boolean => {
    const [own, its] = [explains(one.reading, other.reading), explains(other.reading, one.reading)];
    if (own !== its) return own;
    return one.reading.share === 1 && other.reading.records - other.reading.fits > 2;
  };
  const chosen = rivals.find((one) => rivals.every((other) => other === one || beats(one, other)));
  if (!chosen) return { one: first, other: second, unsure: 'either delimiter splits its records alike' };
  return {
    chosen,
    runnerUp: chosen === first ? second : first,
    confidence: 0.9 * chosen.table.share,
    why: `${told(chosen)}; only so do fields with other delimiters in them make sense, or all records fit`,
  };
}

/** Whether every field in which the other reading's delimiter stands has a reason to have it: ' is one only if both quote with it. */
function explains(reading: DialectReading, other: DialectReading): boolean {
  const mark = other.marks.delimiter;
  const sure = reading.marks.quote === '"' || reading.marks.quote === other.marks.quote;
  return [...reading.lines, ...reading.later].every(
    (line) =>
      line.broken ||
      line.fields !== reading.width ||
      line.cells.every((cell, index) => {
        if (!cell.includes(mark) || (sure && line.quoted[index])) return true;
        if (mark === ',' && cellKind(cell) === 'number') return true;
        return (
          mark !== '\t' &&
          cell
            .split(mark)
            .slice(1)
            .every((part) => /^ \S/.test(part)) &&
          !cell.startsWith(mark)
        );
      }),
  );
}

/** `1,5` and nothing else in any record, from the first line on. */
function couldBeDecimals({ marks, width, lines, later }: DialectReading): boolean {
  const decimal = (line: ReadLine): boolean =>
    line.cells.every((cell, index) => /^\d+$/.test(cell) || (index === 0 && /^[+-]\d+$/.test(cell)));
  return (
    marks.delimiter === ',' &&
    width === 2 &&
    [...lines, ...later].every((line) => line.fields !== width || decimal(line))
  );
}

/** Some lines have a delimiter in them, though not all alike. */
function looksSplit(candidates: readonly Candidate[]): boolean {
  return candidates.some(({ reading }) => reading.records - reading.recordsOf(1) > reading.records / 5);
}

function told({ reading, table }: Candidate): string {
  const rest = Math.round(table.share * 1000) / 10;
  return `${rest} % of the records that were looked at have ${table.width} ${table.width === 1 ? 'field' : 'fields'} with ${delimiterName(reading.marks.delimiter)}`;
}

/** For people. */
export function delimiterName(delimiter: string): string {
  const names: Readonly<Record<string, string>> = {
    ',': 'a comma (,)',
    ';': 'a semicolon (;)',
    '\t': 'a tab',
    '|': 'a pipe (|)',
    [ONE_COLUMN]: 'no delimiter',
  };
  return names[delimiter] ?? JSON.stringify(delimiter);
}
