import { couldBeName, judgeHeader } from './dialect-header.ts';
import { couldBeRecord, isRecord, type DialectReading, type ReadLine } from './dialect-reading.ts';
import { onLine } from './dialect-words.ts';
import { QUOTE_DEFECTS } from './quote-defect.ts';

/** Lines before a header that are taken for a title. */
const TITLE_LINES = 20;

/** Where the table of a reading begins, and how wide it is. */
export interface TableStart {
  /** Its header or first record. */
  readonly first: ReadLine | undefined;
  readonly width: number;
  /** Records before it that are left out as title lines, and as lines that begin with `#`. */
  readonly titles: number;
  readonly hashes: number;
  /** Of the records from there on, those that have the table's fields and no quote where none can be. */
  readonly share: number;
  /** The same, and those that have its fields in spite of such a quote. */
  readonly agreement: number;
  /** 0 to 1: that it begins there. */
  readonly confidence: number;
  /** Why there are two readings, one of which is from the first line, the other from the first record that is like most. */
  readonly unsure?: string;
}

/**
 * The first line begins the table, and its fields are the table's. Lines before it are left out only when they cannot be
 * rows of it: lines with `#` and other fields; and at most 20 title lines, that have fewer fields than the table, make no
 * table of their own, and stand before a row that is a header beyond doubt. `settled`: what the first line is was declared. `fixed`: so was where it is, and nothing may be left out.
 */
export function findTable(
  reading: DialectReading,
  { fixed, settled }: { readonly fixed: boolean; readonly settled: boolean },
  known?: readonly string[],
): TableStart {
  const { lines, width } = reading;
  const fitting = (line: ReadLine): boolean => isRecord(line, width);
  const hashes = fixed
    ? 0
    : Math.max(
        0,
        lines.findIndex((line) => couldBeRecord(line, width)),
      );
  const first = lines[hashes];
  const at = lines.findIndex((line, index) => index >= hashes && fitting(line));
  const plain = { first, width, titles: 0, hashes, ...sharesOf(reading, width), confidence: 0.99 };
  if (first === undefined || fixed) return { ...plain, ...ownWidth(reading, first) };
  if (at === hashes) return padded(reading, plain, known) ?? plain;

  const before = lines.slice(hashes, at < 0 ? undefined : at);
  const next = lines[at];
  const shares = sharesOf(reading, width, before.length);
  const below = lines.slice(at + 1).filter(fitting);
  const verdict = judgeHeader(next?.cells ?? [], cellsOf([...below, ...reading.later.filter(fitting)]), known);
  if (next !== undefined && canBeTitle(before, width)) {
    const alone = before.every((line) => line.fields === 1 && line.defect !== QUOTE_DEFECTS.stray);
    const likely = alone && width > 2 && below.length > 2 && shares.share > 0.95 && verdict.header === true;
    if (verdict.certain || likely) {
      const confidence = verdict.certain ? 0.9 : 0.75;
      return { first: next, width, titles: before.length, hashes, ...shares, confidence };
    }
  }
  const own = ownWidth(reading, first);
  const agreeing = reading.recordsOf(first.fields) - 1;
  const stands = first.fields > 1 && first.defect === undefined && agreeing > 1 && !verdict.certain;
  if (stands || settled) return { ...plain, ...own, confidence: own.share / 2 };
  return { ...plain, ...own, ...shares, confidence: 0, unsure: whyUnsure(first, width, shares.share) };
}

/** `leftOut`: records before the table. */
export function sharesOf(reading: DialectReading, width: number, leftOut = 0): Pick<TableStart, 'share' | 'agreement'> {
  const records = reading.records - leftOut;
  const part = (some: number): number => (records <= 0 ? 0 : Math.min(1, some / records));
  return { share: part(reading.recordsOf(width)), agreement: part(reading.agreeingOf(width)) };
}

function ownWidth(
  reading: DialectReading,
  first: ReadLine | undefined,
): Pick<TableStart, 'width' | 'share' | 'agreement'> {
  const width = first === undefined || first.defect !== undefined ? reading.width : first.fields;
  return { width, ...sharesOf(reading, width) };
}

function whyUnsure(first: ReadLine, width: number, share: number): string {
  if (first.defect !== undefined) return `line ${first.line} has ${onLine(first)}`;
  const at = `line ${first.line} has ${onLine(first)}, and nearly every record has ${width}`;
  if (width === first.fields + 1 && share > 0.95) {
    return `${at}: they begin with a name that has no column of its own, or end with a delimiter too many`;
  }
  return `${at}: it is a title, or the header of another table`;
}

/** Fewer fields than the table, and no table of their own: a header with two typed rows or more below. */
function canBeTitle(before: readonly ReadLine[], width: number): boolean {
  if (before.length === 0 || before.length > TITLE_LINES) return false;
  const filled = ({ cells }: ReadLine): number => cells.filter((cell) => cell.trim() !== '').length;
  if (before.some((line) => line.defect === QUOTE_DEFECTS.stray || filled(line) >= width)) return false;
  const [first, ...below] = before;
  const same = below.filter((line) => line.fields === first?.fields);
  return !first || first.fields === 1 || same.length < 2 || !judgeHeader(first.cells, cellsOf(same)).certain;
}

/** Title lines that a spreadsheet has filled up with delimiters: at most a first cell, before a full header of different names. */
function padded(reading: DialectReading, plain: TableStart, known?: readonly string[]): TableStart | undefined {
  const { width, lines } = reading;
  const rows = lines.slice(plain.hashes);
  const at = rows.findIndex((line) => line.cells.slice(1).some((cell) => cell.trim() !== ''));
  const next = rows[at];
  if (width < 3 || at < 1 || at > TITLE_LINES || next?.fields !== width) return undefined;
  if (!next.cells.every(couldBeName) || new Set(next.cells).size < width) return undefined;
  const below = [...rows.slice(at + 1), ...reading.later].filter((line) => isRecord(line, width));
  if (below.length < 2 || !judgeHeader(next.cells, cellsOf(below), known).certain) return undefined;
  return { ...plain, first: next, titles: at, confidence: 0.7 };
}

export function cellsOf(lines: readonly ReadLine[]): (readonly string[])[] {
  return lines.map(({ cells }) => cells).filter((cells) => cells.length > 0);
}
