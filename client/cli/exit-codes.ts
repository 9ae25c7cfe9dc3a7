import type { Outcome } from '../../workflows/stages.ts';

/** What a command's exit status says. Scripts and schedulers go by these numbers; they do not change. */
export const EXIT = {
  /** Published, or nothing to do. */
  done: 0,
  failed: 1,
  /** Usage or definition. */
  usage: 2,
  /** A check stopped the run before anything was published. */
  blocked: 3,
  alreadyRunning: 4,
  breakerOpen: 5,
  engineUnreachable: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function exitCodeOf(outcome: Outcome): ExitCode {
  switch (outcome) {
    case 'succeeded':
    case 'warned':
    case 'skipped':
      return EXIT.done;
    case 'blocked':
      return EXIT.blocked;
    case 'cancelled':
      return EXIT.interrupted;
    case 'failed':
      return EXIT.failed;
  }
}

/** Mildest first; of several pipelines in one command the worst decides. */
const MILDEST_FIRST: readonly ExitCode[] = [
  EXIT.done,
  EXIT.alreadyRunning,
  EXIT.breakerOpen,
  EXIT.blocked,
  EXIT.failed,
  EXIT.usage,
  EXIT.engineUnreachable,
  EXIT.interrupted,
];

export function worst(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce((a, b) => (MILDEST_FIRST.indexOf(b) > MILDEST_FIRST.indexOf(a) ? b : a), EXIT.done);
}
