import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { builtFile } from '../../../infra/setup/inventory.mjs';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { asError } from '../threads/thread-failure.ts';
import type { ThreadAnswer, ThreadJob, ThreadRequest } from './thread-messages.ts';

/** What a thread may hold of objects. Rows and bytes lie outside, bounded by the sizes of windows and row groups. */
const HEAP = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32 };

export interface Thread {
  send(request: ThreadRequest): void;
}

/** Starts one more thread; `hear` is told what it answers. */
export type StartThread = (job: ThreadJob, hear: (answer: ThreadAnswer) => void) => Thread;

/**
 * Gives `work` a way to start threads, and waits until it calls `done`. The first thread that fails, and an abort of
 * `signal`, end them all at once. When this returns no thread is left.
 */
export async function withThreads(
  signal: AbortSignal,
  work: (start: StartThread, done: () => void) => void,
): Promise<void> {
  signal.throwIfAborted();
  const path = threadFile();
  const workers: Worker[] = [];
  let stop: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
      const start: StartThread = (job, hear) => {
        const worker = new Worker(path, { workerData: job, resourceLimits: HEAP });
        workers.push(worker);
        worker.on('message', (answer: ThreadAnswer) => {
          if (answer.kind === 'failed') reject(asError(answer.failure));
          else hear(answer);
        });
        worker.on('error', reject);
        worker.on('exit', (code) => {
          if (code !== 0) reject(new Error(`A reading thread ended early, with code ${code}.`));
        });
        return { send: (request) => worker.postMessage(request) };
      };
      work(start, resolve);
    });
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function threadFile(): string {
  const path = builtFile('activities/ingest/rows/rows.thread.ts');
  if (existsSync(path)) return path;
  throw new AcequiaError('SettingMissing', {
    what: 'The compiled reading thread is missing.',
    where: path,
    remedy: 'npm run acequia -- doctor   compiles what is missing into dist/',
  });
}
