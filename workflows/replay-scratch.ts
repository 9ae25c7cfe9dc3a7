import type { RunIdentity } from './stages.ts';

/**
 * Where in the lake a replay works. What is called `.part` there is left to no run: should the replay be killed for good, a
 * clean-up removes it.
 */
export function scratchFolder({ runId }: Pick<RunIdentity, 'runId'>): string {
  return `incoming/replay-${runId}.part`;
}
