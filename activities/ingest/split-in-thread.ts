import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { builtFile } from '../../infra/setup/inventory.mjs';
import { AcequiaError } from '../failure/acequia-error.ts';
import type { SplitJob, SplitMessage, SplitSummary } from './split-job.ts';

/** Runs `splitRecords` in a thread of its own; an abort of `signal` ends the thread at once. */
export async function splitInThread(
  job: SplitJob,
  onProgress: (bytes: number, rows: number) => void,
  signal: AbortSignal,
): Promise<SplitSummary> {
  signal.throwIfAborted();
  const worker = new Worker(threadFile(), { workerData: job });
  let stop: (() => void) | undefined;
  try {
    return await new Promise<SplitSummary>((resolve, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
      worker.on('message', (message: SplitMessage) => {
        if (message.kind === 'progress') onProgress(message.bytes, message.rows);
        else if (message.kind === 'done') resolve(message.summary);
        else reject(Object.assign(new Error(message.message), message.code ? { code: message.code } : {}));
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`The reading thread ended early, with code ${code}.`)));
    });
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function threadFile(): string {
  const path = builtFile('activities/ingest/csv.thread.ts');
  if (existsSync(path)) return path;
  throw new AcequiaError('SettingMissing', {
    what: 'The compiled reading thread is missing.',
    where: path,
    remedy: 'npm run acequia -- doctor   compiles what is missing into dist/',
  });
}
