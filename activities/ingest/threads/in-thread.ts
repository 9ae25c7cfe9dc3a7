import { existsSync } from 'node:fs';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { builtFile } from '../../../infra/setup/inventory.mjs';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { asError, asFailure, type ThreadFailure } from './thread-failure.ts';

type Message<Result> =
  | { readonly kind: 'progress'; readonly bytes: number }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly failure: ThreadFailure };

/**
 * Runs a `*.thread.ts` with a job that can be cloned, and waits for its result. An abort of `signal` ends the thread at
 * once and throws the signal's reason.
 */
export async function inThread<Result>(
  source: `activities/${string}.thread.ts`,
  job: unknown,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Result> {
  signal.throwIfAborted();
  const worker = new Worker(threadFile(source), { workerData: job });
  let stop: (() => void) | undefined;
  try {
    return await new Promise<Result>((resolve, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
      worker.on('message', (message: Message<Result>) => {
        if (message.kind === 'progress') onBytes(message.bytes);
        else if (message.kind === 'done') resolve(message.result);
        else reject(asError(message.failure));
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`The thread ended early, with code ${code}.`)));
    });
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

/** The thread's side: does the job it was started with and says how it ended. */
export function answerInThread<Job, Result>(work: (job: Job, onBytes: (bytes: number) => void) => Result): void {
  const say = (message: Message<Result>): void => parentPort?.postMessage(message);
  try {
    say({ kind: 'done', result: work(workerData as Job, (bytes) => say({ kind: 'progress', bytes })) });
  } catch (error) {
    say({ kind: 'failed', failure: asFailure(error) });
  }
}

function threadFile(source: string): string {
  const path = builtFile(source);
  if (existsSync(path)) return path;
  throw new AcequiaError('SettingMissing', {
    what: 'A compiled thread is missing.',
    where: path,
    remedy: 'npm run acequia -- doctor   compiles what is missing into dist/',
  });
}
