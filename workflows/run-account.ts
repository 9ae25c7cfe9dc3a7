import type { Plan } from './definition/index.ts';
import type { RunProgress } from './run-progress.ts';
import type {
  CheckReport,
  Comparison,
  FailedSource,
  IngestedSource,
  Outcome,
  PublishedTable,
  ReceiptRequest,
  RunError,
  RunIdentity,
  TransformedTable,
} from './stages.ts';

/** What a run has found and done so far; whatever happens, the receipt is written from it. */
export class RunAccount {
  plan: Plan | undefined;
  sources: readonly IngestedSource[] = [];
  failedSources: readonly FailedSource[] = [];
  transformed: readonly TransformedTable[] = [];
  checks: CheckReport | undefined;
  readonly published: PublishedTable[] = [];
  compared: Comparison | undefined;
  /** Set once the closing stages have begun; they are not begun twice. */
  closed = false;
  readonly #progress: RunProgress;

  constructor(progress: RunProgress) {
    this.#progress = progress;
  }

  /** Sources and files that could not be read while the others went on. */
  leftAside(): FailedSource[] {
    return [...this.failedSources, ...this.sources.flatMap(({ parked }) => parked)];
  }

  close(run: RunIdentity, outcome: Outcome, finishedAt: Date, error: RunError | undefined): ReceiptRequest {
    return {
      run,
      outcome,
      finishedAt: finishedAt.toISOString(),
      sources: this.sources,
      failedSources: this.failedSources,
      transformed: this.transformed,
      published: this.published,
      steps: this.#progress.begun,
      ...(this.plan ? { plan: this.plan } : {}),
      ...(this.checks ? { checks: this.checks } : {}),
      ...(this.compared ? { compared: this.compared } : {}),
      ...(error ? { error } : {}),
    };
  }
}
