import type { Session } from '../duckdb/session.ts';
import { sourceProblem } from '../ingest/postgres/source-problems.ts';
import type { Work } from '../progress.ts';
import { BatchLine, type Batch, type Drainage } from './batch-line.ts';

/** After so long the stage ends, and the workflow begins another: what it knows of batches does not grow for ever. */
const SLICE_MS = 10 * 60_000;

/**
 * Takes batches until nothing is left. While one is written, the next is read and made into rows, and the one before is marked:
 * the three work on databases that know nothing of each other. Returns whether records may still wait.
 */
export async function drainBatches(session: Session, drainage: Drainage, work: Work): Promise<boolean> {
  const deadline = performance.now() + SLICE_MS;
  return session.beside((writing) =>
    session.beside(async (marking) => {
      const line = new BatchLine({ writing, marking }, drainage, work);
      try {
        for (let number = 1; !work.signal.aborted && performance.now() < deadline; number += 1) {
          const batch = await takeBatch(session, drainage, `b${number}`, line.size);
          if (batch) await line.put(batch);
          else if (await line.isDrained()) return false;
        }
        return true;
      } finally {
        await line.settle();
      }
    }),
  );
}

async function takeBatch(
  session: Session,
  { intake, normaliser, context }: Drainage,
  table: string,
  size: number,
): Promise<Batch | undefined> {
  const begun = performance.now();
  try {
    const taken = await intake.take(session, table, size);
    if (taken > 0) return { table, taken, size, begun, normalised: await normaliser.normalise(session, table) };
    await session.run(`DROP TABLE ${table}`);
    return undefined;
  } catch (error) {
    throw sourceProblem(error, context.slice);
  }
}
