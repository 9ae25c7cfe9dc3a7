import { matchColumns } from '../../names/names.ts';
import type { Candidate, Choice } from './dialect-delimiter.ts';
import { couldBeRecord, type DialectReading } from './dialect-reading.ts';
import { sharesOf, type TableStart } from './dialect-table.ts';

/** Lines among which a contract's header is looked for. */
const HEAD_LINES = 20;

/** A table that begins with the header a contract expects, and how many of its names stand there. */
export interface PromisedTable extends TableStart {
  readonly promised: number;
}

/** Finds a line that has at least half of the names that a contract expects. What stands before it is title and comment. */
export function promisedTable(reading: DialectReading, known: readonly string[]): PromisedTable | undefined {
  if (known.length === 0) return undefined;
  for (const [index, line] of reading.lines.slice(0, HEAD_LINES).entries()) {
    if (line.defect !== undefined) continue;
    const promised = matchColumns(known, line.cells).filter((position) => position !== undefined).length;
    if (promised === 0 || promised * 2 < known.length) continue;
    const width = line.fields;
    const before = reading.lines.slice(0, index);
    const hashes = before.filter((one) => !couldBeRecord(one, width)).length;
    const shares = reading.records - index > 1 ? sharesOf(reading, width, index) : { share: 1, agreement: 1 };
    return { first: line, width, titles: index - hashes, hashes, ...shares, confidence: 0.99, promised };
  }
  return undefined;
}

/** The reading under which most of a contract's names stand in one line; `undefined` where two have as many, or none any. */
export function choosePromised(candidates: readonly Candidate[]): Choice | undefined {
  const named = candidates.filter(({ promised }) => promised > 0).sort((a, b) => b.promised - a.promised);
  const [best, next] = named;
  if (!best || next?.promised === best.promised) return undefined;
  return { chosen: best, confidence: 0.99, why: "a line has the contract's names" };
}
