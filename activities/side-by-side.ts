/**
 * Does something with each of several things, some at a time, in their order. Once one has failed no other is begun, and
 * those under way are stopped; fails with the first failure when all of them have ended.
 */
export async function sideBySide<Item>(
  items: readonly Item[],
  atATime: number,
  signal: AbortSignal,
  work: (item: Item, index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const failures: unknown[] = [];
  const waiting = items.entries();
  const takeOnes = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (either.aborted) return;
      try {
        await work(item, index, either);
      } catch (error) {
        failures.push(error);
        stop.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, takeOnes));
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
