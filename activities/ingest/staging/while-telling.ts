import type { Progress, Work } from '../../progress.ts';

/** Says every second that the step goes on: a silent activity would be taken for dead. */
export async function whileTelling<Result>(
  work: Work,
  progress: Progress,
  run: () => Promise<Result>,
): Promise<Result> {
  work.signal.throwIfAborted();
  work.report(progress);
  const timer = setInterval(() => work.report(progress), 1_000);
  try {
    return await run();
  } finally {
    clearInterval(timer);
  }
}
