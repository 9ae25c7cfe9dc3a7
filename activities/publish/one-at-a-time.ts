/** What this process writes to at the moment: a place → the end of the last one in its queue. */
const queues = new Map<string, Promise<unknown>>();

/**
 * Lets one publisher of this process at a time write to a place. Engines lock their files against other processes only:
 * DuckDB opens the same file twice in one process, and closing one of the two takes the lock of the other away.
 */
export async function oneAtATime<Result>(
  place: string,
  signal: AbortSignal,
  use: () => Promise<Result>,
): Promise<Result> {
  const turn = (queues.get(place) ?? Promise.resolve()).then(() => {
    signal.throwIfAborted();
    return use();
  });
  const end = turn.catch(() => undefined);
  queues.set(place, end);
  try {
    return await turn;
  } finally {
    if (queues.get(place) === end) queues.delete(place);
  }
}
