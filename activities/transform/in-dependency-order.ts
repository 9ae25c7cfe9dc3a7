import type { ModelPlan } from '../../workflows/definition/index.ts';

/**
 * Calls `make` for every model, once all models that it reads are made, for at most `atOnce` at the same time. After a failure
 * none is begun any more; it is thrown once those that run have ended, and they are the last to touch anything.
 */
export async function inDependencyOrder(
  models: readonly ModelPlan[],
  atOnce: number,
  make: (model: ModelPlan) => Promise<void>,
): Promise<void> {
  const names = models.map(({ name }) => name);
  const waiting = [...models];
  const made = new Set<string>();
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const isReady = (model: ModelPlan): boolean =>
    model.inputs.every((input) => input === model.name || !names.includes(input) || made.has(input));
  const begin = (model: ModelPlan): void => {
    const run = make(model)
      .then(
        () => {
          made.add(model.name);
        },
        (error: unknown) => {
          failures.push(error);
        },
      )
      .finally(() => running.delete(run));
    running.add(run);
  };
  const beginReady = (): void => {
    while (failures.length === 0 && running.size < atOnce) {
      const next = waiting.findIndex(isReady);
      if (next < 0) return;
      begin(waiting.splice(next, 1)[0]!);
    }
  };
  beginReady();
  while (running.size > 0) {
    await Promise.race(running);
    beginReady();
  }
  if (failures.length > 0) throw failures[0];
  if (waiting.length > 0) throw new Error(`models that wait for each other: ${waiting.map(({ name }) => name).join()}`);
}
