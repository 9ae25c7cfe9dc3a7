import { cellKind } from './cell-kind.ts';
import type { QuotedReading } from './dialect-quote.ts';
import { isRecord, type DialectReading, type ReadLine } from './dialect-reading.ts';
import type { TableStart } from './dialect-table.ts';
import { counted } from './dialect-words.ts';

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
 *    above it, with quotes where none can be in some of those records, or with all quotes taken for text; and both before all others.
 * 2. Between two such, the one under which the other is explained: every field that has the other in it is quoted, a
 *    number (`1,5`), or prose (`Smith, Ann`). When both or none are explained, the one that fits every record.
 * 3. When that settles nothing either, it is unsure. It is too when a first line without the delimiter stands over records
 *    that all have it (one column of prose, or a title?), unless less than four in five do, or all that stands below it
 *    are numbers or dates: then the file has one column.
 *
 * `column`: the reading in which nothing splits.
 */
export function chooseDelimiter(candidates: readonly Candidate[], column: Candidate): Choice {
  const possible = candidates.filter(({ reading, table, headed }) => {
    if (reading.width < 2 || reading.records === 0) return false;
    return table.share >= 0.5 || headed || (table.confidence > 0 && table.width > 1 && reading.share >= 0.5);
  });
  for (const grade of [plainGrade, roughGrade]) {
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
  return amongRagged(possible, column) ?? oneColumn(column, looksSplit(candidates) ? 0.6 : 0.95);
}

function oneColumn(column: Candidate, confidence: number, runnerUp?: Candidate): Choice {
  const why = 'no delimiter splits its records alike';
  return { chosen: column, ...(runnerUp ? { runnerUp } : {}), confidence, why };
}

/** Chooses where no delimiter splits nine records of ten alike, the first line among them. */
function amongRagged(possible: readonly Candidate[], column: Candidate): Choice | undefined {
  const [most, ...fewer] = [...possible].sort((a, b) => agreementOf(b) - agreementOf(a));
  if (!most) return undefined;
  const [next, ...close] = fewer.filter((one) => agreementOf(most) - agreementOf(one) < 0.1);
  const decided = next && among([most, next, ...close]);
  const best = decided && 'chosen' in decided ? decided.chosen : most;
  const { table, reading, headed } = best;
  if (table.unsure !== undefined && isTyped(column)) {
    return { chosen: column, runnerUp: best, confidence: 0.8, why: 'all records below the first line are of one type' };
  }
  if (decided && 'unsure' in decided) {
    return { ...decided, unsure: 'neither delimiter splits its records alike, and both about as often' };
  }
  if (table.unsure !== undefined) {
    return table.agreement < 0.8 ? oneColumn(column, 0.6, best) : { one: best, other: column, unsure: table.unsure };
  }
  if (table.share < 0.8 && reading.width < 3 && !headed && table.width === reading.width) {
    return { one: best, other: column, unsure: 'many records have another number of fields' };
  }
  const runnerUp = [most, next].find((one) => one !== best) ?? column;
  return { chosen: best, runnerUp, confidence: table.share * 0.8, why: told(best) };
}

/** The records that agree, of all where the first line does not. */
function agreementOf({ reading, table }: Candidate): number {
  return table.unsure === undefined ? table.agreement : reading.agreeingOf(reading.width) / reading.records;
}

function plainGrade({ table, unquoted }: Candidate): boolean {
  return unquoted !== true && table.titles === 0 && table.unsure === undefined && table.share >= 0.9;
}

/** With a title above it, or with quotes where none can be, in less than half of its records (its first too, which is doubted later) or taken for text. */
function roughGrade({ table }: Candidate): boolean {
  return (
    (table.unsure === undefined || table.first?.defect !== undefined) && table.agreement >= 0.9 && table.share > 0.5
  );
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
  // What one record looks like may be chance.
  const several = reading.records > 1;
  const sure = reading.marks.quote === '"' || reading.marks.quote === other.marks.quote;
  return [...reading.lines, ...reading.later].every(
    (line) =>
      !isRecord(line, reading.width) ||
      line.cells.every((cell, index) => {
        if (!cell.includes(mark) || (sure && line.quoted[index])) return true;
        return (mark === ',' && isDecimal(cell)) || (several && (isProse(cell, mark) || isCents(cell, mark)));
      }),
  );
}

/** `1,5` */
function isDecimal(cell: string): boolean {
  return cellKind(cell) === 'number' && /\d,/.test(cell);
}

/** `,5` */
function isCents(cell: string, mark: string): boolean {
  return mark === ',' && cellKind(cell) === 'number';
}

/** `Smith, Ann` and `small | large`: a space behind each mark, and one before a pipe. No prose has tabs. */
function isProse(cell: string, mark: string): boolean {
  if (mark === '\t') return false;
  const [first, ...parts] = cell.split(mark === '|' ? ' |' : mark);
  return first !== '' && !first?.includes(mark) && parts.every((part) => /^ \S/.test(part) && !part.includes(mark));
}

/** One column, a name and numbers or dates below it. */
function isTyped({ reading, table, headed }: Candidate): boolean {
  const [, ...below] = reading.lines;
  const kinds = new Set([...below, ...reading.later].flatMap((line) => line.cells.map(cellKind)));
  kinds.delete('blank');
  return (
    headed && table.titles === 0 && table.share >= 0.9 && kinds.size === 1 && (kinds.has('number') || kinds.has('date'))
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
  const percent = Math.round(table.agreement * 1000) / 10;
  const strays = reading.agreeingOf(table.width) - reading.recordsOf(table.width);
  const but = strays === 0 ? '' : `, ${strays} of them with a quote where none can be`;
  return `${percent} % of the records that were looked at have ${counted(table.width, 'field')} with ${delimiterName(reading.marks.delimiter)}${but}`;
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
