import { cleanUpKey, type Amount, type CleanUpRecord, type CleanUpStep } from '../../workflows/clean-up-contract.ts';
import type { Lake, StoredKey } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { less, NOTHING, plus } from './amount.ts';

/** Files that go between two writings of the record. */
const BATCH = 200;
const TELL_EVERY = 50;

/**
 * Removes files and says how much went, in all attempts of a clean-up together: what is about to go is written down first,
 * so that the next attempt sees which of it did.
 */
export class Removal {
  readonly #lake: Lake;
  readonly #step: CleanUpStep;
  readonly #beforeMs: number;
  readonly #work: Work;
  readonly #freed: Map<string, Amount>;
  #spared = NOTHING;
  #going: CleanUpRecord['going'][number][] = [];

  private constructor(lake: Lake, step: CleanUpStep, beforeMs: number, work: Work, freed: Map<string, Amount>) {
    this.#lake = lake;
    this.#work = work;
    this.#step = step;
    this.#beforeMs = beforeMs;
    this.#freed = freed;
  }

  /** Begins, or goes on where an earlier attempt was killed. `beforeMs`: what was written or claimed since stays. */
  static async begin(lake: Lake, step: CleanUpStep, beforeMs: number, work: Work): Promise<Removal> {
    const removal = new Removal(lake, step, beforeMs, work, await freedBefore(lake, step));
    await removal.#write(null);
    return removal;
  }

  /** What has gone of a part, or is among the next to go. */
  freed(part: string): Amount {
    return this.#freed.get(part) ?? NOTHING;
  }

  /** Puts a file among the next to go; now and then these go. */
  async remove(part: string, { key, bytes }: StoredKey): Promise<void> {
    this.#going.push({ part, key, bytes });
    this.#freed.set(part, plus(this.freed(part), { files: 1, bytes }));
    if (this.#going.length >= BATCH) await this.#removeBatch();
  }

  /** Removes what is still to go, and says what of it has been claimed since the last flush, and stays. */
  async flush(): Promise<Amount> {
    if (this.#going.length > 0) await this.#removeBatch();
    const spared = this.#spared;
    this.#spared = NOTHING;
    return spared;
  }

  /** Writes the record of a clean-up that has come to its end. */
  async end(): Promise<void> {
    await this.#write(new Date().toISOString());
  }

  async #removeBatch(): Promise<void> {
    await this.#write(null);
    for (const [index, { part, key, bytes }] of this.#going.entries()) {
      this.#work.signal.throwIfAborted();
      const removed = await this.#lake.remove(key, this.#beforeMs);
      if (index % TELL_EVERY === 0) this.#work.report({ step: `removing from ${part}`, rows: this.freed(part).files });
      if (removed) continue;
      this.#freed.set(part, less(this.freed(part), { files: 1, bytes }));
      if (await this.#lake.has(key)) this.#spared = plus(this.#spared, { files: 1, bytes });
    }
    this.#going = [];
  }

  async #write(finishedAt: string | null): Promise<void> {
    const { runId, at, retention } = this.#step;
    const record: CleanUpRecord = {
      ...{ version: 1, at, finishedAt, retention },
      freed: Object.fromEntries(this.#freed),
      going: this.#going,
    };
    await this.#lake.writeText(cleanUpKey(runId), `${JSON.stringify(record)}\n`);
  }
}

/** What earlier attempts have removed: all they wrote down, without what is still there. */
async function freedBefore(lake: Lake, { runId }: CleanUpStep): Promise<Map<string, Amount>> {
  const key = cleanUpKey(runId);
  if (!(await lake.has(key))) return new Map();
  const record = JSON.parse(await lake.readText(lake.uriOf(key))) as CleanUpRecord;
  const freed = new Map(Object.entries(record.freed));
  for (const { part, key: left, bytes } of record.going) {
    if (await lake.has(left)) freed.set(part, less(freed.get(part) ?? NOTHING, { files: 1, bytes }));
  }
  return freed;
}
