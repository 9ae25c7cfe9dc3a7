import type { FileReport } from '../../../activities/ingest/staging/source-report.ts';
import { ENCODINGS, FORMATS, type CopyOptions, type Format } from '../../../workflows/definition/index.ts';
import { OPTIONS_OF } from '../../../workflows/definition/schema.ts';
import type { ReceiptSource } from '../../../workflows/receipt.ts';
import type { Literal } from './code.ts';

export type SourceKind = Format | 'files';

/** What a contract without a word about it takes. */
const DEFAULT_SHARE = 0.01;

/** The kind that all files have; several kinds are told one by one. */
export function kindOf(formats: readonly string[]): SourceKind {
  const [first, ...others] = new Set(formats);
  const kind = FORMATS.find((known) => known === first);
  return kind && others.length === 0 ? kind : 'files';
}

/** How a source's files are written, as its run found it, and what else a definition says of it. */
export function sourceOptions(
  kind: SourceKind,
  copy: CopyOptions,
  key: readonly string[],
  files: readonly FileReport[],
  { read, quarantined }: Pick<ReceiptSource, 'read' | 'quarantined'>,
): { readonly [name: string]: Literal } {
  const encoding = same(files.map((file) => file.encoding));
  const known = ENCODINGS.find((name) => name === encoding && name !== 'utf-8');
  const dialect = dialectOf(copy, files);
  const share = read === 0 ? 0 : quarantined / read;
  const options: Readonly<Record<string, Literal | undefined>> = {
    encoding: known ?? copy.encoding,
    dialect: Object.keys(dialect).length > 0 ? dialect : undefined,
    records: copy.records,
    sheet: copy.sheet,
    nested: copy.nested,
    contract: copy.contract,
    key: key.length > 0 ? key : undefined,
    keepLatestBy: key.length > 0 ? copy.keepLatestBy : undefined,
    badRows: share > DEFAULT_SHARE ? { failAbove: `${Math.ceil(share * 100)}%` } : undefined,
  };
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) =>
      value === undefined || !(OPTIONS_OF[name]?.includes(kind) ?? true) ? [] : [[name, value]],
    ),
  );
}

/** What all files have in common. */
function dialectOf({ dialect }: CopyOptions, files: readonly FileReport[]): Record<string, Literal> {
  const common = Object.fromEntries(
    (['delimiter', 'quote', 'header', 'comment'] as const).flatMap((name) => {
      const value = same(files.map(({ csv }) => csv?.[name]));
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return { ...common, ...dialect };
}

function same<Value>(values: readonly Value[]): Value | undefined {
  const [first, ...others] = new Set(values);
  return others.length === 0 ? first : undefined;
}
