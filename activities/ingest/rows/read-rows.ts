import { closeSync, fstatSync, openSync } from 'node:fs';
import { readerOf } from './format-readers.ts';
import { readAlone, readHere, readTogether } from './read-in-threads.ts';
import type { RowsJob, RowsSummary } from './reading.ts';
import { planRowFiles, RowFiles } from './row-files.ts';
import { summarise } from './summarise.ts';
import type { WindowResult } from './window-reader.ts';

/** How a file is cut up. The defaults are for speed; tests make everything small. */
export interface ReadingSizes {
  /** Bytes of a window, about. Larger ones make larger row groups, and need more memory in each thread. */
  readonly windowBytes: number;
  /** Up to so many bytes one thread does everything: a further thread takes 30 ms to start. */
  readonly smallBytes: number;
  /** Up to so many bytes no thread is started at all: some milliseconds of work. Default: none. */
  readonly tinyBytes?: number;
}

const SIZES: ReadingSizes = { windowBytes: 8 << 20, smallBytes: 2 << 20, tinyBytes: 256 << 10 };
/** A sample leaves out its last records, less than this: that a record is whole is only known where the next begins. */
const SAMPLE_WINDOW = 32 << 10;

/**
 * Reads a file into row files, in threads. Progress is told in bytes and records. An abort of `signal` ends the threads
 * at once and leaves no row file. Errors: `ReadersDisagree`; those of the format's readers; of the system, with `code`.
 */
export async function readRows(
  job: RowsJob,
  onProgress: (bytes: number, records: number) => void,
  signal: AbortSignal,
  sizes: ReadingSizes = SIZES,
): Promise<RowsSummary> {
  signal.throwIfAborted();
  const file = openSync(job.path, 'r');
  let rowFiles: RowFiles | undefined;
  try {
    const { size } = fstatSync(file);
    const bytes = Math.min(size, job.sampleBytes ?? size);
    if (job.sampleBytes === undefined) rowFiles = new RowFiles(job.folder, planRowFiles(job.layout));
    const thread = {
      job,
      file,
      bytes,
      whole: bytes === size,
      windowBytes: job.sampleBytes === undefined ? sizes.windowBytes : SAMPLE_WINDOW,
      parsed: new Int32Array(new SharedArrayBuffer(4)),
      ...(rowFiles ? { rowFiles: rowFiles.threads } : {}),
    };
    const cut = readerOf(job.format).createSplitter !== undefined;
    // A sample of a megabyte is read in half the time that a thread takes to start.
    const here = cut && (bytes <= (sizes.tinyBytes ?? 0) || job.sampleBytes !== undefined);
    const read = here ? readHere : bytes <= sizes.smallBytes || !cut ? readAlone : readTogether;
    let bytesRead = 0;
    let records = 0;
    const onResult = (result: WindowResult): void => {
      bytesRead += result.bytes;
      records += result.records;
      onProgress(bytesRead, records);
    };
    const answers = await read(thread, onResult, signal);
    return await summarise(job.layout, answers, rowFiles);
  } finally {
    rowFiles?.discard();
    closeSync(file);
  }
}
