import type { ReceiptFileKind, ReceiptReading } from '../../workflows/receipt.ts';
import type { SourceReport } from '../ingest/staging/source-report.ts';

/** Kinds of files that a receipt names; the report has every file. */
const MOST_KINDS = 20;

/** A source's report in short: how its files are written, and what each column became. No values. */
export function readingOf({ files, tables }: SourceReport): ReceiptReading {
  return {
    kinds: kindsOf(files),
    columns: tables.flatMap(({ name: table, columns }) =>
      columns.map(({ name, type, origin }) => ({ table, name, type, origin })),
    ),
  };
}

function kindsOf(files: SourceReport['files']): ReceiptFileKind[] {
  const kinds = new Map<string, ReceiptFileKind>();
  for (const { name, format, compression, encoding, dialect } of files) {
    const kind = { format, compression, encoding, dialect };
    const id = JSON.stringify(kind);
    const known = kinds.get(id) ?? { ...kind, files: 0, example: name };
    kinds.set(id, { ...known, files: known.files + 1 });
  }
  return [...kinds.values()].sort((a, b) => b.files - a.files).slice(0, MOST_KINDS);
}
