import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { detectDialect } from '../../../../activities/ingest/csv/detect-dialect.ts';
import type { CsvDialect, DialectReport } from '../../../../activities/ingest/csv/dialect.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Finds the dialect of a file `in.csv` that holds this. */
export async function detect(
  text: string | Uint8Array,
  declared: Partial<CsvDialect> = {},
  known: readonly string[] = [],
): Promise<DialectReport> {
  const path = join(await temporaryFolder(), 'in.csv');
  await writeFile(path, text);
  return detectDialect(path, declared, new AbortController().signal, { name: 'in.csv', known });
}

/** Each with a line end. */
export const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');

/** As many lines, without the last line end. */
export const times = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');
