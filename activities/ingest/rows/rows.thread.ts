import { parentPort, workerData } from 'node:worker_threads';
import { readerOf } from './format-readers.ts';
import { readWhole, splitWhole } from './read-whole.ts';
import { asFailure } from '../threads/thread-failure.ts';
import type { ThreadAnswer, ThreadJob, ThreadRequest } from './thread-messages.ts';
import { WindowReader } from './window-reader.ts';

/** Windows that the second reader may be ahead of the first: what it read is still in the system's memory then. */
const AHEAD = 24;

const thread = workerData as ThreadJob;
const { job, file } = thread;
const reader = readerOf(job.format);

const say = (answer: ThreadAnswer): void => parentPort?.postMessage(answer);
const fail = (error: unknown): void => say({ kind: 'failed', failure: asFailure(error) });

function splitAhead(): void {
  const { parsed } = thread;
  splitWhole(thread, reader, (window) => {
    for (let seen = Atomics.load(parsed, 0); window.index - seen > AHEAD; seen = Atomics.load(parsed, 0)) {
      Atomics.wait(parsed, 0, seen);
    }
    say({ kind: 'window', window });
  });
  say({ kind: 'split' });
}

function readAsAsked(): void {
  const windowReader = new WindowReader(job, reader, file, thread.rowFiles);
  let before = Promise.resolve();
  const answer = async (request: ThreadRequest): Promise<void> => {
    if (request === 'end') {
      say({ kind: 'learnt', learnt: windowReader.learnt() });
      return;
    }
    const result = await windowReader.read(request);
    Atomics.add(thread.parsed, 0, 1);
    Atomics.notify(thread.parsed, 0);
    say({ kind: 'parsed', result });
  };
  // One after the other: two windows may wait here at once.
  parentPort?.on('message', (request: ThreadRequest) => {
    before = before.then(() => answer(request)).catch(fail);
  });
}

const ROLES = { split: splitAhead, parse: readAsAsked, both: () => readWhole(thread, say) };

try {
  await ROLES[thread.role]();
} catch (error) {
  fail(error);
}
