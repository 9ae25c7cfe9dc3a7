import { matchColumns } from '../../names/names.ts';
import { cellKind, codeShape, columnKind } from './cell-kind.ts';

/** Whether a row names the columns of the rows below it. */
export interface HeaderVerdict {
  /** `undefined`: the columns contradict each other. */
  readonly header: boolean | undefined;
  /** The rows below have types that the row does not: chance does not do that. */
  readonly certain: boolean;
  /** 0 to 1. */
  readonly confidence: number;
  readonly why: string;
}

/**
 * Judges a first row by the rows below it. A column speaks for a header when it has numbers, dates, yes and no, addresses
 * or codes of one shape below, and something else on top; it speaks against one when the top is of that kind too, or
 * comes again below. Where no column speaks, a row of words that are all there and all different is taken for a header,
 * with a low confidence; any other row is data, which loses nothing. `known`: names that a contract expects.
 */
export function judgeHeader(
  first: readonly string[],
  below: readonly (readonly string[])[],
  known: readonly string[] = [],
): HeaderVerdict {
  const found = matchColumns(known, first).filter((position) => position !== undefined).length;
  if (found > 0 && found * 2 >= Math.min(known.length, first.length)) {
    return { header: true, certain: true, confidence: 0.99, why: 'the first row has the names of the contract' };
  }
  const lastNamed = first.findLastIndex((cell) => cell.trim() !== '');
  const blanks = first.filter((cell, index) => index > 0 && index < lastNamed && cell.trim() === '').length;
  const filled = first.filter((cell) => cell.trim() !== '');
  const different = new Set(filled).size === filled.length;
  const typed = filled.some((cell) => ['number', 'date'].includes(cellKind(cell)));
  const named = filled.length > 0 && blanks === 0 && different;
  const worded = named && !typed && filled.every((cell) => NAME.test(cell.trim()));

  if (below.length === 0) {
    return worded
      ? { header: true, certain: false, confidence: 0.6, why: 'the only row could be names' }
      : { header: false, certain: false, confidence: 0.6, why: 'the only row cannot be names' };
  }
  const votes = first.map((cell, index) =>
    vote(
      cell,
      below.map((row) => row[index] ?? ''),
    ),
  );
  const speaking = (kind: Vote): number => votes.filter((one) => one === kind).length;
  const typesFor = speaking('type');
  const sameShapes = speaking('same shape');
  const supports = typesFor + speaking('shape');
  const years =
    named && filled.some((cell) => cellKind(cell) === 'text') ? yearColumns(first, below) : new Set<number>();
  const sameTypes = votes.filter((one, index) => one === 'same' && !years.has(index)).length;
  const contradictions = sameTypes + sameShapes;
  const repeats = speaking('repeated');

  if (supports > 0 && contradictions === 0) {
    if (repeats > 0 && typesFor === 0) return { header: undefined, certain: false, confidence: 0, why: CONTRADICTION };
    const certain = typesFor > 0 && filled.length * 2 >= first.length;
    const confidence = named && typesFor > 0 ? 0.98 : 0.85;
    return { header: true, certain, confidence, why: 'the rows below the first have types that it does not have' };
  }
  if (contradictions > 0) {
    return supports === 0
      ? {
          header: false,
          certain: false,
          confidence: sameTypes > 0 ? 0.95 : 0.65,
          why: 'the first row looks like the rows below it',
        }
      : { header: undefined, certain: false, confidence: 0, why: CONTRADICTION };
  }
  if (years.size > 0) {
    return { header: true, certain: true, confidence: 0.8, why: 'the first row counts years' };
  }
  if (repeats > 0) {
    return { header: false, certain: false, confidence: 0.9, why: 'values of the first row come again below it' };
  }
  return worded
    ? { header: true, certain: false, confidence: 0.6, why: 'the first row could be names, though nothing proves it' }
    : { header: false, certain: false, confidence: 0.6, why: 'the first row cannot be names' };
}

/** Whether a cell could name a column. */
export function couldBeName(cell: string): boolean {
  return NAME.test(cell.trim()) || YEAR.test(cell.trim());
}

/** Words, perhaps with a number behind them: `Order ID`, `address2`, `price (€)`. No versions, paths, hashes or sentences. */
const NAME = /^(?=.{1,60}$)[\p{L}\p{M}_#][\p{L}\p{M}_ .()/&%'’€$º°-]*\d{0,4}[)%]?$/u;

const YEAR = /^(?:19|20)\d\d$/;

const CONTRADICTION = 'some columns say that the first row names them, others that it is data';

/** `type`, `shape`: for a header. `same`, `same shape`, `repeated`: against. */
type Vote = 'type' | 'shape' | 'same' | 'same shape' | 'repeated' | 'none';

function vote(top: string, below: readonly string[]): Vote {
  const topKind = cellKind(top);
  const kind = columnKind(below);
  if (kind !== 'text' && kind !== 'blank') {
    if (topKind === kind) return 'same';
    return topKind === 'blank' ? 'none' : 'type';
  }
  if (topKind === 'blank' || kind === 'blank') return 'none';
  const cells = below.map((cell) => cell.trim()).filter((cell) => cell !== '');
  const shape = codeShape(cells[0] ?? '');
  if (shape !== undefined && cells.length > 1 && cells.every((cell) => codeShape(cell) === shape)) {
    return codeShape(top.trim()) === shape ? 'same shape' : 'shape';
  }
  return below.includes(top) ? 'repeated' : 'none';
}

/** Positions of years that go on by one: `2019, 2020, 2021` are names, however much they look like numbers; not above years. */
function yearColumns(first: readonly string[], below: readonly (readonly string[])[]): Set<number> {
  const aboveYears = (index: number): boolean => {
    const cells = below.map((row) => row[index]?.trim() ?? '').filter((cell) => cell !== '');
    return cells.length > 0 && cells.every((cell) => YEAR.test(cell));
  };
  const year = (cell: string | undefined): number => (YEAR.test(cell?.trim() ?? '') ? Number(cell) : NaN);
  const columns = new Set<number>();
  first.forEach((cell, index) => {
    const follows = Math.abs(year(cell) - year(first[index + 1])) === 1;
    if (follows && !aboveYears(index) && !aboveYears(index + 1)) columns.add(index).add(index + 1);
  });
  return columns;
}
