import { stageId } from './stage-id.ts';
import type { StageProgress } from './progress.ts';

/** What a finished stage has to tell. */
export interface StageCounts {
  readonly rows?: number;
  readonly bytes?: number;
}

/** Keeps the list of stages of one run; `changed` hears of every change. Plain bookkeeping, no Temporal. */
export class RunProgress {
  readonly #stages: StageProgress[] = [];
  readonly #now: () => Date;
  readonly #changed: (stages: readonly StageProgress[]) => void;

  constructor(now: () => Date, changed: (stages: readonly StageProgress[]) => void) {
    this.#now = now;
    this.#changed = changed;
  }

  get stages(): StageProgress[] {
    return [...this.#stages];
  }

  /** Those that are under way or over. */
  get begun(): StageProgress[] {
    return this.#stages.filter(({ startedAt }) => startedAt !== undefined);
  }

  /** Names a stage that will come, so that the screen shows the way ahead. */
  announce(stage: string, slices: readonly (string | undefined)[] = [undefined]): void {
    for (const slice of slices) {
      const activityId = stageId(stage, slice);
      this.#stages.push({ stage, ...(slice === undefined ? {} : { slice }), activityId, state: 'waiting' });
    }
  }

  /** Follows one stage from its start to its end, good or bad. */
  async follow<Result>(
    activityId: string,
    run: () => Promise<Result>,
    counts: (result: Result) => StageCounts,
  ): Promise<Result> {
    this.#change(activityId, { state: 'running', startedAt: this.#now().toISOString() });
    try {
      const result = await run();
      this.#change(activityId, { state: 'done', finishedAt: this.#now().toISOString(), ...counts(result) });
      return result;
    } catch (error) {
      this.#change(activityId, { state: 'failed', finishedAt: this.#now().toISOString() });
      throw error;
    }
  }

  #change(activityId: string, change: Partial<StageProgress>): void {
    const index = this.#stages.findIndex((stage) => stage.activityId === activityId);
    const stage = this.#stages[index];
    if (stage) this.#stages[index] = { ...stage, ...change };
    this.#changed(this.#stages);
  }
}
