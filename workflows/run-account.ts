import type { Plan } from './definition/index.ts';
import type { DrainTally } from './drain-contract.ts';
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
import type { UploadedFiles } from './upload.ts';

/** What a run has found and done so far; whatever happens, the receipt is written from it. */
export class RunAccount {
  plan: Plan | undefined;
  sources: readonly IngestedSource[] = [];
  readonly drained: DrainTally[] = [];
  failedSources: readonly FailedSource[] = [];
  transformed: readonly TransformedTable[] = [];
  checks: CheckReport | undefined;
  readonly validated: CheckReport[] = [];
  readonly published: PublishedTable[] = [];
  uploaded: UploadedFiles | undefined;
  /** Why what was published did not get to a bucket as well. */
  notUploaded: RunError | undefined;
  compared: Comparison | undefined;
  /** Set once the closing stages have begun; they are not begun twice. */
  closed = false;
  readonly #progress: RunProgress;

  constructor(progress: RunProgress) {
    this.#progress = progress;
  }

  /** Sources and files that could not be read while the others went on. */
  leftAside(): FailedSource[] {
    return [
      ...this.failedSources,
      ...this.sources.flatMap(({ parked }) => parked),
      ...this.drained.flatMap(({ failedFiles = [] }) => failedFiles),
    ];
  }

  /** Why the run has failed though it came to its end; nothing where it has not. */
  failure(): RunError | undefined {
    const [left] = this.leftAside();
    if (left) return left.error;
    if (this.notUploaded) return this.notUploaded;
    const wrong = this.validated
      .flatMap(({ outcomes }) => outcomes)
      .filter(({ status, blocking }) => blocking && status !== 'passed');
    if (wrong.length === 0) return undefined;
    const message = `What stands at the destination breaks ${wrong.length} of its checks: ${wrong.map(({ name }) => name).join('; ')}`;
    return { type: 'PublishedWrong', message, stage: 'check' };
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
      ...(this.drained.length > 0 ? { drained: this.drained } : {}),
      ...(this.plan ? { plan: this.plan } : {}),
      ...(this.checks ? { checks: this.checks } : {}),
      ...(this.validated.length > 0 ? { validated: this.validated } : {}),
      ...(this.uploaded ? { uploaded: this.uploaded } : {}),
      ...(this.compared ? { compared: this.compared } : {}),
      ...(error ? { error } : {}),
    };
  }
}
