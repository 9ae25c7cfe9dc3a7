/** Bounds of how many records are taken at once. */
export const LEAST_BATCH = 100;
export const FIRST_BATCH = 2_000;
export const MOST_BATCH = 50_000;

/** How long the sink should take for a batch: long enough to be worth a transaction, short enough to be finished at a stop. */
const WANTED_SECONDS = 2;

/**
 * The next batch's size by how long the sink took for this one: never more than twice as many, and never fewer than half. A
 * batch that was not full tells little of what a full one costs: it does not let the next one grow.
 *
 * @param size how many records were wanted
 * @param taken how many there were
 */
export function nextBatchSize(size: number, taken: number, seconds: number): number {
  const factor = Math.min(2, Math.max(0.5, WANTED_SECONDS / Math.max(seconds, 0.001)));
  if (factor > 1 && taken < size) return size;
  return Math.round(Math.min(MOST_BATCH, Math.max(LEAST_BATCH, size * factor)));
}
