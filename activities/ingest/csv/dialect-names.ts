import { byteOf } from './csv-format.ts';
import type { Candidate } from './dialect-delimiter.ts';
import { judgeHeader } from './dialect-header.ts';
import { cellsOf } from './dialect-reading.ts';
import type { DialectSample } from './dialect-sample.ts';
import type { CsvDialect } from './dialect.ts';
import { scanRecords } from './scan-records.ts';

export interface FoundHeader {
  readonly header: boolean;
  readonly names: readonly string[];
  readonly confidence: number;
  readonly why: string;
  readonly warnings: readonly string[];
}

const UNPROVEN_HEADER =
  'the first row is taken for a header, though nothing proves it; if it is data, declare header: false';
const UNPROVEN_DATA =
  'the first row is taken for data, though nothing proves it; if it names the columns, declare header: true';

/** Whether the table's first row is a header, and the names of its columns. `undefined`: nothing decides. */
export function headerOf(
  sample: DialectSample,
  { reading, table }: Candidate,
  below: readonly (readonly string[])[],
  declared: Partial<CsvDialect>,
  known: readonly string[],
): FoundHeader | undefined {
  const first = firstRow(sample, table.first?.start ?? 0, reading.marks);
  const numbered = first.map((_, index) => `column_${index + 1}`);
  const verdict =
    declared.header === undefined
      ? judgeHeader(first, below, known)
      : { header: declared.header, confidence: 1, why: `header: ${declared.header} is declared` };
  if (verdict.header === undefined) return undefined;
  const { header, confidence, why } = verdict;
  const names = declared.names ?? (header ? first : numbered);
  const warnings = header ? headerWarnings(names) : [];
  if (confidence < 0.7) warnings.push(header ? UNPROVEN_HEADER : UNPROVEN_DATA);
  return { header, names, confidence, why, warnings };
}

function headerWarnings(names: readonly string[]): string[] {
  const nameless = names.flatMap((name, index) => (name.trim() === '' ? [index + 1] : []));
  const repeated = names.flatMap((name, index) =>
    name.trim() !== '' && names.indexOf(name) < index ? [index + 1] : [],
  );
  const columns = (positions: readonly number[]): string =>
    `${positions.length === 1 ? 'column' : 'columns'} ${positions.slice(0, 10).join(', ')}${positions.length > 10 ? ', …' : ''}`;
  return [
    ...(nameless.length > 0 ? [`the header has no name for ${columns(nameless)}`] : []),
    ...(repeated.length > 0 ? [`the header repeats names, in ${columns(repeated)}`] : []),
  ];
}

/** All its cells, however long it is. */
function firstRow(sample: DialectSample, start: number, marks: { delimiter: string; quote: string }): string[] {
  let cells: string[] = [];
  const scan = { delimiter: byteOf(marks.delimiter), quote: byteOf(marks.quote), comment: -1 };
  scanRecords(sample.head, start, scan, !sample.whole, (record) => {
    cells = cellsOf(record, sample.head, marks.quote);
    return false;
  });
  return cells;
}
