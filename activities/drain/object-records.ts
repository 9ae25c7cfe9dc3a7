import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '../duckdb/session.ts';
import type { AcequiaError } from '../failure/acequia-error.ts';
import { sourceEmpty } from '../files/found-file.ts';
import type { SourceFile } from '../files/source-file.ts';
import { landFile } from '../ingest/files/land-file.ts';
import { openFile, type OpenedFile } from '../ingest/files/open-file.ts';
import type { ScanSettings } from '../ingest/files/scan.ts';
import { costsOneFile } from '../ingest/parked.ts';
import { readRecords } from '../ingest/records/read-records.ts';
import type { Lake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';

/** A record of an object. */
export interface ObjectRecord {
  /** `s3://bucket/key#12`; of an archive `s3://bucket/key.zip!entry#12`: the same whenever it is read. */
  readonly id: string;
  readonly text: string;
  /** Why it cannot be read. */
  readonly problem?: string;
}

export interface ObjectReading {
  readonly lake: Lake;
  readonly work: Work;
  /** A scratch folder. */
  readonly folder: string;
  readonly scan?: ScanSettings;
}

/**
 * The records of an object: it is landed in the lake, scanned, unpacked, and read. What cannot be read of it is thrown in the end, when
 * everything else has been given (of an archive the other entries).
 * @param file called by its URL
 */
export async function* objectRecords(
  file: SourceFile,
  session: Session,
  { lake, work, folder, scan }: ObjectReading,
): AsyncGenerator<readonly ObjectRecord[], void> {
  if (file.bytes === 0) throw sourceEmpty(file.path, 'The object is empty: 0 bytes.');
  const onBytes = (step: string, bytes: number): void =>
    work.report({ step: `${step} ${file.name}`, bytes, totalBytes: file.bytes });
  const landing = await landFile(file, lake, { folder, signal: work.signal, onBytes });
  let failed: AcequiaError | undefined;
  try {
    for await (const item of openFile(file, landing, { work, folder, ...(scan ? { scan } : {}) })) {
      if (item.kind === 'failed') failed ??= item.error;
      else {
        const error = yield* recordsOf(item, session, { work, folder });
        failed ??= error;
      }
    }
    if (!failed) await landing.keep();
  } finally {
    await landing.drop();
  }
  if (failed) throw failed;
}

/** Returns why it cannot be read to its end. */
async function* recordsOf(
  opened: OpenedFile,
  session: Session,
  { work, folder }: { readonly work: Work; readonly folder: string },
): AsyncGenerator<readonly ObjectRecord[], AcequiaError | undefined> {
  const own = await mkdtemp(join(folder, 'records-'));
  let number = 0;
  try {
    for await (const records of readRecords(opened, { session, folder: own, signal: work.signal })) {
      yield records.map((record) => ({ ...record, id: `${opened.name}#${(number += 1)}` }));
      work.report({ step: `reading ${opened.name}`, rows: number });
    }
    return undefined;
  } catch (error) {
    work.signal.throwIfAborted();
    if (!costsOneFile(error)) throw error;
    return error;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
