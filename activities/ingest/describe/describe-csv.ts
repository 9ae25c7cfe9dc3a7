import type { SourcePlan } from '../../../workflows/definition/index.ts';
import type { Work } from '../../progress.ts';
import { ONE_COLUMN } from '../csv/dialect-delimiter.ts';
import { detectDialect } from '../csv/detect-dialect.ts';
import type { CsvDialect, DialectReport } from '../csv/dialect.ts';
import type { OpenedFile } from '../files/open-file.ts';
import type { Description } from './description.ts';

/** Finds how a delimited file is written, with what the source declares of it and the names its contract expects. */
export async function describeCsv(file: OpenedFile, source: SourcePlan, work: Work): Promise<Description> {
  work.report({ step: `looking at ${file.name}`, bytes: 0, totalBytes: file.bytes });
  const known = source.columns.map(({ field }) => field);
  const detect = (declared: Partial<CsvDialect>): Promise<DialectReport> =>
    detectDialect(file.path, declared, work.signal, { name: file.name, known });
  const declared = declaredDialect(source);
  const found = await detect(declared);
  // A contract names columns: a file whose first row names none of them is shown with what stands there instead.
  const unnamed = known.length > 0 && declared.header === undefined && !found.dialect.header;
  const report = unnamed ? await detect({ ...declared, header: true }) : found;
  const { dialect, confidence } = report;
  // Without a header, a contract names the fields by their order.
  const names = dialect.header ? dialect.names : dialect.names.map((name, index) => known[index] ?? name);
  return {
    format: { kind: 'csv', ...dialect, names },
    header: { file: file.name, line: dialect.header ? dialect.startLine : 0, names },
    dialect: inWords(report),
    confidence,
    warnings: [
      ...report.warnings,
      ...(dialect.quote === '' && declared.quote === undefined ? [LOOSE_QUOTES] : []),
      ...(confidence < UNSURE ? [`it is not sure how the file is written: ${report.reasons.join('; ')}`] : []),
    ],
  };
}

/** Without quotes a file is read only where it has some that cannot be any. */
const LOOSE_QUOTES =
  'a quote stands where none can be, so nothing is taken as quoted; declare its quote if that is wrong';

/** Below this confidence people are told. */
const UNSURE = 0.5;

function declaredDialect({ dialect }: SourcePlan): Partial<CsvDialect> {
  const { delimiter, quote, header, comment } = dialect;
  return {
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(quote === undefined ? {} : { quote: quote === 'none' ? '' : quote }),
    ...(header === undefined ? {} : { header }),
    ...(comment === undefined ? {} : { comment }),
  };
}

const NAMES: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
  [ONE_COLUMN]: 'one column',
};

function inWords({ dialect, lineEnd }: DialectReport): string {
  const { delimiter, quote, header, comment, startLine } = dialect;
  return [
    NAMES[delimiter] ?? delimiter,
    quote === '' ? 'no quotes' : `quote ${quote}`,
    header ? (startLine > 1 ? `header on line ${startLine}` : 'header') : 'no header',
    ...(comment === '' ? [] : [`comments ${comment}`]),
    ...(lineEnd === 'none' || lineEnd === 'LF' ? [] : [lineEnd === 'mixed' ? 'mixed line ends' : lineEnd]),
  ].join(', ');
}
