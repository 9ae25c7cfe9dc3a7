import { parentPort, workerData } from 'node:worker_threads';
import type { SplitJob, SplitMessage } from './split-job.ts';
import { splitRecords } from './split-records.ts';

const say = (message: SplitMessage): void => parentPort?.postMessage(message);

try {
  const summary = splitRecords(workerData as SplitJob, (bytes, rows) => say({ kind: 'progress', bytes, rows }));
  say({ kind: 'done', summary });
} catch (error) {
  say({
    kind: 'failed',
    message: error instanceof Error ? error.message : String(error),
    code: error instanceof Error && 'code' in error ? String(error.code) : undefined,
  });
}
