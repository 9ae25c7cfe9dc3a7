import { stat } from 'node:fs/promises';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { ONE_COLUMN } from './dialect-delimiter.ts';
import { inThread } from '../threads/in-thread.ts';
import { runDialectJob, type DialectFound } from './dialect-job.ts';
import type { CsvDialect, DialectReport } from './dialect.ts';

/** Files up to here are looked at at once; a thread would take longer to start. */
const SMALL_BYTES = 1 << 20;

/**
 * Finds how a delimited file (plain UTF-8) is written.
 *
 * A file of up to 2 MB is looked at as a whole; of a larger one, its first megabyte and 24 places all over the rest, so the
 * cost stays the same. The load itself then proves the dialect on every record: one that does not fit is broken, counted
 * and quarantined. The first line, or the first after title lines, says how many fields a record has: when records after
 * it have another number, it is they that are broken, however many they are. Title lines and comments are left out only
 * when they cannot be records, and each such decision is a warning.
 *
 * `declared` is taken as it is. `known`: names that a contract expects, which show that a first row is a header.
 * Errors: `DialectUnsure` when two readings that differ in columns are about equally good, `SourceEmpty` without a record.
 */
export async function detectDialect(
  path: string,
  declared: Partial<CsvDialect>,
  signal: AbortSignal,
  { name = path, known = [] }: { name?: string; known?: readonly string[] } = {},
): Promise<DialectReport> {
  refuseMarks(name, declared);
  const job = { path, declared, known };
  const { size } = await stat(path);
  signal.throwIfAborted();
  const found =
    size <= SMALL_BYTES
      ? runDialectJob(job)
      : await inThread<DialectFound>('activities/ingest/csv/dialect.thread.ts', job, () => undefined, signal);
  switch (found.kind) {
    case 'report':
      return found.report;
    case 'doubt':
      throw new AcequiaError('DialectUnsure', {
        what: found.doubt.what,
        where: `${name}:${found.doubt.line}`,
        why: found.doubt.why,
        remedy: found.doubt.remedy,
      });
    case 'empty':
      throw new AcequiaError('SourceEmpty', {
        what: 'The file has no header and no record: it holds only empty lines.',
        where: name,
        remedy: 'check the export that writes this file; a file with a header line and no rows is fine',
      });
  }
}

function refuseMarks(name: string, { delimiter, quote, comment }: Partial<CsvDialect>): void {
  const single = (mark: string | undefined): boolean =>
    mark === undefined || mark === ONE_COLUMN || /^[\t -~]$/.test(mark);
  const wrong =
    !single(delimiter) || !single(quote || undefined) || !single(comment || undefined)
      ? 'Each is one ASCII character, and none is a line end.'
      : new Set([delimiter, quote, comment].filter(Boolean)).size < [delimiter, quote, comment].filter(Boolean).length
        ? 'Two of them are the same character.'
        : undefined;
  if (wrong === undefined) return;
  throw new AcequiaError('DefinitionInvalid', {
    what: 'The declared delimiter, quote and comment cannot be used.',
    where: name,
    why: wrong,
    remedy: 'declare other characters in the dialect',
  });
}
