import { delimiterName, type Candidate } from './dialect-delimiter.ts';
import type { QuoteDoubt } from './dialect-quote.ts';
import type { DialectReading } from './dialect-reading.ts';
import { counted, onLine } from './dialect-words.ts';
import type { DialectDoubt } from './dialect.ts';

/** Readings that are named in one doubt. */
const NAMED = 4;

/** `one`, `other` and those of `all` that split half of the records alike: each with what speaks for it, and where it breaks. */
export function doubtBetween(
  one: Candidate,
  other: Candidate | undefined,
  all: readonly Candidate[],
  why: string,
): DialectDoubt {
  const { first, unsure } = one.table;
  const own = unsure !== undefined && first?.defect === undefined && (first?.fields ?? 1) > 1 ? first : undefined;
  const likely = all
    .filter(({ reading, table }) => reading.width > 1 && table.agreement >= 0.5)
    .sort((a, b) => b.table.agreement - a.table.agreement);
  const readings = [one, ...(other ? [other] : []), ...likely].map(({ reading }) => reading);
  const named = readings.filter(
    ({ marks }, index) => readings.findIndex((reading) => reading.marks.delimiter === marks.delimiter) === index,
  );
  const parts = named.slice(0, NAMED).map(inWords);
  if (own) parts.splice(1, 0, `${columnsWith(one.reading, own.fields)}, as on line ${own.line}`);
  return {
    what: `It cannot be told how this file is written: ${parts.join('; or ')}.`,
    line: first?.line ?? 1,
    why,
    remedy: 'declare the dialect: the delimiter, and header: true or false for what the first line is',
  };
}

/** A delimiter that reads in two ways, each with another quote. */
export function quoteDoubt({ reading }: Candidate, { rival, why }: QuoteDoubt): DialectDoubt {
  const parts = [reading, rival].map(
    (read) => `${read.marks.quote === '' ? 'nothing' : read.marks.quote}, which makes ${inWords(read)}`,
  );
  return {
    what: `It cannot be told what quotes the fields of this file: ${parts.join('; or ')}.`,
    line: reading.lines[0]?.line ?? 1,
    why,
    remedy: `declare the dialect's quote: "'" when they are quotes, '"' when they belong to the values`,
  };
}

export function headerDoubt({ table }: Candidate): DialectDoubt {
  return {
    what: 'It cannot be told whether the first row of this file names its columns.',
    line: table.first?.line ?? 1,
    why: 'Some columns say that it does, others that it is data.',
    remedy: "declare the dialect's header: true or false",
  };
}

export function endless(): DialectDoubt {
  return {
    what: 'It cannot be told how this file is written: its first line does not end.',
    line: 1,
    why: 'No line end was found in its first megabytes, so it has no records that could be read one by one.',
    remedy: 'check the export that writes this file; records end with a line end and have at most 16 MB',
  };
}

/** `4 columns with a semicolon (;) in all 5 records, but line 2 has a quote inside an unquoted field` */
function inWords(reading: DialectReading): string {
  const { width, records, misfit } = reading;
  const agreeing = reading.agreeingOf(width);
  const all = records === 1 ? 'the one record' : `all ${records} records`;
  const some = agreeing === records ? all : `${agreeing} of ${records} records`;
  const strays = agreeing - reading.fits - (misfit?.defect === undefined ? 0 : 1);
  const more = strays > 0 ? `, and ${strays} more ${strays === 1 ? 'has' : 'have'} a quote where none can be` : '';
  return `${columnsWith(reading, width)} in ${some}${misfit ? `, but line ${misfit.line} has ${onLine(misfit)}` : ''}${more}`;
}

function columnsWith({ marks }: DialectReading, width: number): string {
  const bare = marks.quote === '' && width > 1 ? ' and no quotes' : '';
  return `${counted(width, 'column')} with ${delimiterName(marks.delimiter)}${bare}`;
}
