import type { Plan, SourcePlan } from './definition/index.ts';

/**
 * Whether nothing may be published when this source cannot be read. One with corrections was asked for by itself: the
 * tables of the others are as they were.
 */
export function isNeeded({ failedSources }: Pick<Plan, 'failedSources'>, source: SourcePlan | undefined): boolean {
  return failedSources === 'stop' || source?.corrections !== undefined;
}
