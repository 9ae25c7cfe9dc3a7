import { readWhole } from './read-whole.ts';
import { withThreads, type Thread } from './thread-crew.ts';
import type { ThreadAnswer, ThreadJob } from './thread-messages.ts';
import type { Window } from './reading.ts';
import type { Learnt } from './window-output.ts';
import type { WindowResult } from './window-reader.ts';

/** Windows that a thread has at once: the one it parses and one more, so that it does not wait for us. */
const QUEUED = 2;

/** What the threads of one reading have answered, in whatever order they came. */
export interface ThreadAnswers {
  readonly results: readonly WindowResult[];
  /** One of each thread that parses. */
  readonly learnt: readonly Learnt[];
}

/** Collects answers. */
class Answers implements ThreadAnswers {
  readonly results: WindowResult[] = [];
  readonly learnt: Learnt[] = [];
  private readonly onResult: (result: WindowResult) => void;

  constructor(onResult: (result: WindowResult) => void) {
    this.onResult = onResult;
  }

  take(answer: ThreadAnswer): void {
    if (answer.kind === 'parsed') {
      this.results.push(answer.result);
      this.onResult(answer.result);
    } else if (answer.kind === 'learnt') this.learnt.push(answer.learnt);
  }
}

/** Both readers right here: a few bytes take less time than a thread takes to start. */
export async function readHere(
  job: Omit<ThreadJob, 'role'>,
  onResult: (result: WindowResult) => void,
  signal: AbortSignal,
): Promise<ThreadAnswers> {
  const answers = new Answers(onResult);
  await readWhole(job, (answer) => {
    signal.throwIfAborted();
    answers.take(answer);
  });
  signal.throwIfAborted();
  return answers;
}

/** One thread does everything. */
export async function readAlone(
  job: Omit<ThreadJob, 'role'>,
  onResult: (result: WindowResult) => void,
  signal: AbortSignal,
): Promise<ThreadAnswers> {
  const answers = new Answers(onResult);
  await withThreads(signal, (start, done) => {
    start({ ...job, role: 'both' }, (answer) => {
      answers.take(answer);
      if (answer.kind === 'learnt') done();
    });
  });
  return answers;
}

/** One thread splits, the job's `threads` parse. */
export async function readTogether(
  job: Omit<ThreadJob, 'role'>,
  onResult: (result: WindowResult) => void,
  signal: AbortSignal,
): Promise<ThreadAnswers> {
  const answers = new Answers(onResult);
  await withThreads(signal, (start, done) => {
    const waiting: Window[] = [];
    const parsers: { readonly thread: Thread; windows: number }[] = [];
    let complete = false;
    const hand = (): void => {
      for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
        const idlest = parsers.reduce((least, parser) => (parser.windows < least.windows ? parser : least));
        if (idlest.windows === QUEUED) return;
        waiting.shift();
        idlest.windows += 1;
        idlest.thread.send(next);
      }
      // Behind the windows that they still have.
      if (complete) for (const { thread } of parsers) thread.send('end');
    };
    const hear = (answer: ThreadAnswer, index?: number): void => {
      answers.take(answer);
      switch (answer.kind) {
        case 'window':
          waiting.push(answer.window);
          hand();
          break;
        case 'split':
          complete = true;
          hand();
          break;
        case 'parsed':
          parsers[index ?? 0]!.windows -= 1;
          if (waiting.length > 0) hand();
          break;
        case 'learnt':
          if (answers.learnt.length === parsers.length) done();
          break;
        case 'failed':
          break;
      }
    };
    start({ ...job, role: 'split' }, (answer) => hear(answer));
    for (let index = 0; index < Math.max(1, job.job.threads); index += 1) {
      parsers.push({ thread: start({ ...job, role: 'parse' }, (answer) => hear(answer, index)), windows: 0 });
    }
  });
  return answers;
}
