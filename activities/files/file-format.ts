/** The formats that are read. */
export type FileFormat = 'csv' | 'json' | 'jsonl' | 'parquet' | 'xml' | 'excel';

export type Compression = 'none' | 'gzip' | 'zstd' | 'zip';

/** Each format as people call it. */
export const FORMAT_NAMES: Readonly<Record<FileFormat, string>> = {
  csv: 'delimited text (CSV)',
  json: 'a JSON document',
  jsonl: 'JSON Lines',
  parquet: 'a Parquet file',
  xml: 'an XML document',
  excel: 'an Excel workbook (.xlsx)',
};

const EXTENSIONS: Readonly<Record<string, FileFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  psv: 'csv',
  txt: 'csv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  pq: 'parquet',
  xml: 'xml',
  xlsx: 'excel',
  xlsm: 'excel',
};

const PACKED: Readonly<Record<string, Compression>> = {
  gz: 'gzip',
  gzip: 'gzip',
  zst: 'zstd',
  zstd: 'zstd',
  zip: 'zip',
};

/** What a file's name promises: `orders.jsonl.gz` is JSON Lines, packed with gzip. */
export function promisedByName(name: string): {
  readonly format: FileFormat | undefined;
  readonly compression: Compression | undefined;
} {
  const [last = '', before = ''] = name
    .toLowerCase()
    .split(/[./!\\]/)
    .reverse();
  const compression = PACKED[last];
  return { format: EXTENSIONS[compression ? before : last], compression };
}

/** A file's name without folders and the endings that say how it is written: `orders` of `2024/orders.jsonl.gz`. */
export function stemOf(path: string): string {
  const base = (path.split(/[/\\!]/).at(-1) ?? path).replace(/\.(gz|gzip|zst|zstd|zip)$/i, '');
  const ending = base.split('.').at(-1)?.toLowerCase() ?? '';
  const stem = ending in EXTENSIONS ? base.slice(0, -ending.length - 1) : base;
  return stem === '' ? base : stem;
}
