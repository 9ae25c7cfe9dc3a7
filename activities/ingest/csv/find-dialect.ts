import { byteOf } from './csv-format.ts';
import { chooseDelimiter, delimiterName, DELIMITERS, ONE_COLUMN, type Candidate } from './dialect-delimiter.ts';
import { doubtBetween, endless, headerDoubt, quoteDoubt } from './dialect-doubt.ts';
import { beginOf, lineEndOf, type DialectBegin } from './dialect-begin.ts';
import { headerOf } from './dialect-names.ts';
import { judgeHeader } from './dialect-header.ts';
import { choosePromised, promisedTable } from './dialect-promised.ts';
import { chooseQuote } from './dialect-quote.ts';
import { couldBeRecord, isRecord, readWith, type DialectReading, type ReadLine } from './dialect-reading.ts';
import type { DialectSample } from './dialect-sample.ts';
import { cellsOf, findTable } from './dialect-table.ts';
import type { CsvDialect, DialectDoubt, DialectReport, DialectWishes } from './dialect.ts';

/** Asks of the whole file: do all lines that begin with `#` have another number of fields than this reading? */
export type HashProbe = (dialect: Pick<CsvDialect, 'delimiter' | 'quote' | 'start'>, width: number) => boolean;

/**
 * Finds the dialect of a sample. Pure, but for `probe`. `undefined`: it holds no record at all.
 *
 * What is declared is taken as it is. The rest is settled one by one: for each delimiter the quote that fits best, then the
 * delimiter whose records agree best (`chooseDelimiter`), where its table begins (`findTable`), whether its first row is a
 * header (`judgeHeader`), and whether lines that begin with `#` are comments: only when none in the whole file could be a record.
 */
export function findDialect(
  sample: DialectSample,
  { declared, known }: DialectWishes,
  probe: HashProbe,
): DialectReport | DialectDoubt | undefined {
  const begin = beginOf(sample, declared);
  const expected = [...known, ...(declared.names ?? [])];
  const settled = declared.header !== undefined || declared.names !== undefined;
  const candidate = (delimiter: string): Candidate => {
    const comment = declared.comment ?? '';
    const read = (marks: { delimiter: string; quote: string }): DialectReading =>
      readWith(sample, begin, { ...marks, comment }, declared.names?.length);
    const quoted = chooseQuote(delimiter, declared.quote, read);
    const promised = begin.fixed ? undefined : promisedTable(quoted.reading, known);
    const table = promised ?? findTable(quoted.reading, { fixed: begin.fixed, settled }, expected);
    const rows = rowsBelow(quoted.reading, table);
    const headed =
      promised !== undefined ||
      (table.first !== undefined && rows.length > 0 && judgeHeader(table.first.cells, rows, expected).certain);
    return { ...quoted, table, headed, promised: promised?.promised ?? 0 };
  };
  const column = candidate(ONE_COLUMN);
  if (column.reading.lines.length === 0) return sample.whole ? undefined : endless();
  const delimiter = declared.delimiter ?? begin.delimiter;
  const present = DELIMITERS.filter((mark) => mark !== delimiter && sample.head.includes(byteOf(mark)));
  const rivals = present.map(candidate);
  const choice =
    delimiter === undefined
      ? (choosePromised([...rivals, column]) ?? chooseDelimiter(rivals, column))
      : { chosen: candidate(delimiter), confidence: 1, why: `${delimiterName(delimiter)} is declared` };
  if (!('chosen' in choice)) return doubtBetween(choice.one, choice.other, rivals, choice.unsure);

  const { chosen } = choice;
  const { reading, table } = chosen;
  // A delimiter that was passed over may be the file's after all, with the quote that it was not read with.
  const proven = delimiter !== undefined || chosen.promised > 0;
  const passedOver = proven ? [] : rivals.filter(({ doubt }) => doubt && splitsAlike(doubt.rival));
  for (const one of [chosen, ...passedOver]) if (one.doubt) return quoteDoubt(one, one.doubt);
  if (table.unsure !== undefined && reading.width > 1) return doubtBetween(chosen, column, rivals, table.unsure);
  const { first } = table;
  if (first === undefined) return undefined;

  const header = headerOf(sample, chosen, rowsBelow(reading, table), declared, expected);
  if (!header) return headerDoubt(chosen);
  const comments = commentOf(chosen, begin, declared, probe);
  const split = rivals
    .filter((rival) => rival.headed || rival.table.share > 0.9)
    .find(({ reading: other }) => other.width > 1);
  const { marks } = reading;
  const second = 'runnerUp' in choice ? { runnerUp: runnerUp(choice.runnerUp) } : {};
  return {
    dialect: {
      delimiter: marks.delimiter,
      quote: marks.quote,
      comment: comments.comment,
      header: header.header,
      ...placeOf(first, chosen, begin, header.header),
      names: header.names,
    },
    lineEnd: lineEndOf(sample.head),
    confidence: Math.min(choice.confidence, delimiter === undefined ? table.confidence : 1, header.confidence),
    reasons: [choice.why, ...(chosen.why ? [chosen.why] : []), header.why],
    warnings: [
      ...begin.warnings,
      ...tableWarnings(chosen),
      ...comments.warnings,
      ...header.warnings,
      ...(delimiter !== undefined && table.width === 1 && split
        ? [
            `with ${delimiterName(delimiter)}, as declared, there is one column; with ${delimiterName(split.reading.marks.delimiter)} there would be ${split.table.width}`,
          ]
        : []),
    ],
    ...second,
    evidence: {
      bytes: sample.windows.reduce((sum, window) => sum + window.length, sample.head.length),
      records: reading.records,
      fitting: reading.recordsOf(table.width),
    },
  };
}

/** Where reading begins. Empty lines above the first record are records of a file with one column and no header. */
function placeOf(
  first: ReadLine,
  { table }: Candidate,
  begin: DialectBegin,
  header: boolean,
): Pick<CsvDialect, 'start' | 'startLine'> {
  const empty = table.width === 1 && !header && table.titles === 0 && table.hashes === 0;
  return empty ? { start: begin.byte, startLine: begin.line } : { start: first.start, startLine: first.line };
}

function rowsBelow(reading: DialectReading, { first, width }: Candidate['table']): (readonly string[])[] {
  const at = first ? reading.lines.indexOf(first) : -1;
  const rows = [...reading.lines.slice(at + 1), ...reading.later];
  return cellsOf(rows.filter((line) => isRecord(line, width)));
}

/** Whether nine records of ten have the same fields, more than one. */
function splitsAlike({ width, share }: DialectReading): boolean {
  return width > 1 && share >= 0.9;
}

function runnerUp({ reading }: Candidate): NonNullable<DialectReport['runnerUp']> {
  return { delimiter: reading.marks.delimiter, quote: reading.marks.quote, columns: reading.width };
}

function tableWarnings({ table }: Candidate): string[] {
  const { titles, hashes } = table;
  return [
    ...(titles > 0
      ? [
          `${titles} ${titles === 1 ? 'line stands' : 'lines stand'} before the header and ${titles === 1 ? 'is' : 'are'} left out`,
        ]
      : []),
    ...(hashes > 0
      ? [`${hashes} ${hashes === 1 ? 'line' : 'lines'} with # before the table ${hashes === 1 ? 'is' : 'are'} left out`]
      : []),
  ];
}

/** `#` begins a comment when lines with it stand among the records and none could be one. */
function commentOf(
  { reading, table }: Candidate,
  begin: DialectBegin,
  declared: Partial<CsvDialect>,
  probe: HashProbe,
): { comment: string; warnings: string[] } {
  if (declared.comment !== undefined) return { comment: declared.comment, warnings: [] };
  const from = table.first ? reading.lines.indexOf(table.first) : 0;
  const lines = [...reading.lines.slice(from), ...reading.later].filter(({ hash }) => hash);
  const misfits = lines.filter((line) => !couldBeRecord(line, table.width));
  if (table.width < 2 || misfits.length === 0) return { comment: '', warnings: [] };
  const { delimiter, quote } = reading.marks;
  const start = table.first?.start ?? begin.byte;
  if (misfits.length === lines.length && probe({ delimiter, quote, start }, table.width)) {
    return {
      comment: '#',
      warnings: [
        'lines that begin with # stand among the records and are left out: none of them has the fields of one',
      ],
    };
  }
  return {
    comment: '',
    warnings: ['some lines that begin with # have the fields of a record and others do not: none is left out'],
  };
}
