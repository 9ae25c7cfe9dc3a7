import type { Session } from '../duckdb/session.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { sourceProblem } from '../ingest/postgres/source-problems.ts';
import type { NormalisedBatch, Normaliser } from '../normalise/normalise.ts';
import type { Work } from '../progress.ts';
import { postgresProblem } from '../publish/postgres/problems.ts';
import { METRICS, type MetricTags } from '../worker-metrics.ts';
import { FIRST_BATCH, nextBatchSize } from './batch-size.ts';
import type { Intake } from './intake.ts';
import { publishBatch, type BatchContext, type BatchCounts } from './publish-batch.ts';

/** What is drained, how, and where to. */
export interface Drainage {
  readonly intake: Intake;
  readonly normaliser: Normaliser;
  readonly context: BatchContext;
}

/** Records that were taken and made into rows. */
export interface Batch {
  readonly table: string;
  readonly taken: number;
  /** How many were wanted. */
  readonly size: number;
  /** When it was begun, by `performance.now()`. */
  readonly begun: number;
  readonly normalised: NormalisedBatch;
}

/** Sessions over the same tables, one for each thing that goes on at a time. */
interface Sessions {
  readonly writing: Session;
  readonly marking: Session;
}

/** The batches on their way: of those that were put on it one is written, and the one before is marked, at the same time. */
export class BatchLine {
  /** How many records the next batch should have. */
  size = FIRST_BATCH;
  readonly #sessions: Sessions;
  readonly #drainage: Drainage;
  readonly #work: Work;
  #rows = 0;
  /** From the first record that waits to the last. */
  #round = { taken: 0, marked: 0 };
  #written: Promise<void> = Promise.resolve();
  #marked: Promise<void> = Promise.resolve();

  constructor(sessions: Sessions, drainage: Drainage, work: Work) {
    this.#sessions = sessions;
    this.#drainage = drainage;
    this.#work = work;
  }

  /** Takes a batch up once the one before is written. What then goes wrong with it is heard of by the next call. */
  async put(batch: Batch): Promise<void> {
    await this.#written;
    this.#round.taken += batch.taken;
    this.#written = heardLater(this.#publish(batch));
  }

  /**
   * At the end of a round: waits for all batches. Returns whether there was none; otherwise the next round finds what came
   * meanwhile at places that were passed.
   */
  async isDrained(): Promise<boolean> {
    await this.#written;
    await this.#marked;
    if (this.#round.taken === 0) return true;
    requireMarks(this.#drainage.context, this.#round);
    this.#round = { taken: 0, marked: 0 };
    this.#drainage.intake.again();
    return false;
  }

  /** Waits for what is on its way, and fails if it does. */
  async settle(): Promise<void> {
    const [written] = await Promise.allSettled([this.#written]);
    const [marked] = await Promise.allSettled([this.#marked]);
    for (const end of [written, marked]) if (end.status === 'rejected') throw end.reason;
  }

  async #publish(batch: Batch): Promise<void> {
    const { intake, context } = this.#drainage;
    const started = performance.now();
    try {
      const counts = await publishBatch(
        this.#sessions.writing,
        batch.normalised,
        context,
        (within) => intake.publishing?.(within, batch.table) ?? Promise.resolve(),
      );
      this.#count(batch, counts);
    } catch (error) {
      throw postgresProblem(error, context.target.name);
    }
    this.size = nextBatchSize(batch.size, batch.taken, (performance.now() - started) / 1000);
    this.#rows += batch.taken;
    this.#work.report({ step: 'draining', rows: this.#rows });
    this.#marked = heardLater(this.#mark(batch, this.#marked));
  }

  async #mark({ table, normalised }: Batch, before: Promise<void>): Promise<void> {
    await before;
    const { intake, context } = this.#drainage;
    const { marking } = this.#sessions;
    try {
      this.#round.marked += await intake.done(marking, table);
    } catch (error) {
      throw sourceProblem(error, context.slice);
    }
    if (!intake.countsFiles) this.#work.metrics?.count(METRICS.filesProcessed, 1, tagsOf(context));
    for (const made of [table, normalised.aside, normalised.rows])
      if (made !== undefined) await marking.run(`DROP TABLE ${made}`);
  }

  /** After the commit. */
  #count({ begun }: Batch, { inserted }: BatchCounts): void {
    const tags = tagsOf(this.#drainage.context);
    this.#work.metrics?.count(METRICS.recordsIngested, inserted, tags);
    this.#work.metrics?.observe(METRICS.processingSeconds, (performance.now() - begun) / 1000, tags);
  }
}

/** What is counted of a source is told apart by it. */
export function tagsOf({ run, slice }: Pick<BatchContext, 'run' | 'slice'>): MetricTags {
  return { pipeline: run.pipeline, source: slice };
}

/** A failure is told where it is waited for; until then nobody may miss it. */
function heardLater(going: Promise<void>): Promise<void> {
  going.catch(() => undefined);
  return going;
}

/** Records that go on waiting although they were marked would be taken for ever. */
function requireMarks({ slice }: BatchContext, { taken, marked }: { taken: number; marked: number }): void {
  if (marked > 0) return;
  throw new AcequiaError('SourceUnreadable', {
    what: `Not one of ${taken} records could be marked as processed. They are loaded, and go on waiting.`,
    where: slice,
    why: 'Something changes them all the time, or a trigger or rule of the table takes the mark away.',
    remedy: 'see what else writes to the table; a further run recognises what is loaded',
  });
}
