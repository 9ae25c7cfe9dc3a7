import type { FormatReader } from './format-reader.ts';
import { readerOf } from './format-readers.ts';
import { splitFile } from './split-file.ts';
import type { FormatJob, Window } from './reading.ts';
import type { ThreadAnswer, ThreadJob } from './thread-messages.ts';
import { WindowReader } from './window-reader.ts';

/** What the second reader finds; of a format that cannot be cut, all there is. */
export function splitWhole(
  { job, file, bytes, windowBytes, whole }: Omit<ThreadJob, 'role'>,
  reader: FormatReader<FormatJob>,
  found: (window: Window) => void,
): void {
  const splitter = reader.createSplitter?.(job.format, { windowBytes, name: job.name });
  if (splitter) splitFile(file, splitter, { start: 0, end: bytes, last: whole }, found);
  else found({ index: 0, start: 0, end: bytes, line: 1, record: 1, records: 0, fields: 0 });
}

/** Both readers, one after the other, where it is called: in a thread, or for a few bytes right here. */
export async function readWhole(thread: Omit<ThreadJob, 'role'>, say: (answer: ThreadAnswer) => void): Promise<void> {
  const reader = readerOf(thread.job.format);
  const windows: Window[] = [];
  splitWhole(thread, reader, (window) => windows.push(window));
  const windowReader = new WindowReader(thread.job, reader, thread.file, thread.rowFiles);
  for (const window of windows) say({ kind: 'parsed', result: await windowReader.read(window) });
  say({ kind: 'learnt', learnt: windowReader.learnt() });
}
