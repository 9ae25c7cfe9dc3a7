import type { Severity } from '../../workflows/definition/index.ts';
import { overrideWords } from '../../workflows/overrides.ts';
import { isPublished, type Receipt } from '../../workflows/receipt.ts';
import type { AlertRequest, Outcome } from '../../workflows/stages.ts';

/** One alert. Names keys of rows, never their other values. */
export interface Alert {
  /** The same for the same finding of the same run. */
  readonly id: string;
  /** When the run ended. */
  readonly at: string;
  readonly severity: Severity;
  readonly pipeline: string;
  readonly environment: string;
  readonly runId: string;
  readonly title: string;
  /** Rows concerned. */
  readonly rows: number;
  readonly sample: readonly string[];
  /** Whether it kept the run from publishing. */
  readonly blocking: boolean;
}

const RUN_ALERTS: Partial<Record<Outcome, { severity: Severity; title: string }>> = {
  failed: { severity: 'critical', title: 'the run failed' },
  cancelled: { severity: 'warning', title: 'the run was cancelled' },
};

/** The run itself when it did not end well, every file that could not be read, and every failed check from `warning` up. */
export function compileAlerts({ run, outcome, error }: AlertRequest, receipt: Receipt | undefined): Alert[] {
  const common = {
    at: receipt?.run.finishedAt ?? run.startedAt,
    pipeline: run.pipeline,
    environment: run.environment,
    runId: run.runId,
  };
  const ended = RUN_ALERTS[outcome];
  const reason = error && outcome !== 'cancelled' ? `: ${error.type}: ${error.message.split('\n')[0] ?? ''}` : '';
  const ofRun: Alert[] = ended
    ? [
        {
          ...common,
          id: `${run.runId}/run`,
          severity: ended.severity,
          title: `${ended.title}${reason}`,
          rows: 0,
          sample: [],
          blocking: false,
        },
      ]
    : [];
  const published = receipt !== undefined && isPublished(receipt);
  const ofChecks = (receipt?.checks ?? [])
    .filter(({ status, severity, override }) => status !== 'passed' && (severity !== 'info' || override))
    .map(({ name, severity, failed, sample, blocking, override }): Alert => {
      const title = override ? `${name} (${overrideWords(override.reason, published)})` : name;
      const kept = blocking && !override;
      return { ...common, id: `${run.runId}/${name}`, severity, title, rows: failed, sample, blocking: kept };
    });
  // The first of them is why the run failed, and told with it.
  const ofFiles = (receipt?.sources ?? []).flatMap(({ name, uri, error: left }): Alert[] => {
    if (!left || left.message === error?.message) return [];
    const title = `${name}: ${uri} could not be read: ${left.type}: ${left.message.split('\n')[0] ?? ''}`;
    const id = `${run.runId}/${name}/${uri}`;
    return [{ ...common, id, severity: 'error', title, rows: 0, sample: [], blocking: false }];
  });
  return [...ofRun, ...ofFiles, ...ofChecks];
}
