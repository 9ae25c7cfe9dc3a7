import type { EnvironmentSettings } from '../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../workflows/receipt.ts';
import type { CarriedRun } from './carry-run.ts';
import { runLink, type Engine } from './connect-engine.ts';
import { readReceipt } from './receipt.ts';
import { receiptText } from './receipt-text.ts';
import { colorsFor } from './terminal.ts';
import { cancelledVerdict, failureVerdict, verdictOf, verdictText } from './verdict-lines.ts';

export interface Showing {
  readonly settings: Pick<EnvironmentSettings, 'lake'>;
  readonly engine: Pick<Engine, 'uiUrl' | 'namespace' | 'kind'>;
  readonly json: boolean;
  readonly again: string;
}

/** Prints how every run of a command ended: receipts for people, or one JSON document and nothing else. */
export async function showEnds(ends: readonly CarriedRun[], showing: Showing): Promise<void> {
  const told = await Promise.all(ends.map(async (end) => ({ end, ...(await receiptOf(end, showing)) })));
  if (showing.json) {
    const documents = told.map(({ end, receipt, problem }) => receipt ?? documentWithout(end, showing, problem));
    print(JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2));
    return;
  }
  print(told.map(({ end, receipt, problem }) => textOf(end, receipt, problem, showing)).join('\n\n'));
}

async function receiptOf({ end }: CarriedRun, { settings }: Showing): Promise<{ receipt?: Receipt; problem?: string }> {
  if (!end?.receipt) return {};
  try {
    return { receipt: await readReceipt(end.receipt, settings.lake) };
  } catch (error) {
    return { problem: `the receipt ${end.receipt} cannot be read from here: ${messageOf(error)}` };
  }
}

function textOf(
  carried: CarriedRun,
  receipt: Receipt | undefined,
  problem: string | undefined,
  showing: Showing,
): string {
  const { end, error, run } = carried;
  const link = run && runLink(showing.engine, run.workflowId, run.runId);
  const place = { ...(link ? { link } : {}), embedded: showing.engine.kind === 'embedded' };
  const parts: string[] = [];
  if (problem) parts.push(problem);
  if (receipt) parts.push(receiptText(receipt, place, colorsFor(process.stdout)));
  const failure = end?.failure?.message ?? (error === undefined ? undefined : messageOf(error));
  if (failure !== undefined && failure.includes('\n')) parts.push(failure);
  parts.push(verdictText(verdictFor(carried, receipt, failure, link, showing.again)));
  return parts.join('\n');
}

function verdictFor(
  { pipeline, end, run }: CarriedRun,
  receipt: Receipt | undefined,
  failure: string | undefined,
  link: string | undefined,
  again: string,
) {
  if (failure !== undefined) return failureVerdict(pipeline, failure, again);
  if (receipt) return verdictOf(receipt, again);
  if (end) return cancelledVerdict(pipeline, again);
  if (run?.met) {
    const cause = `a run is open since ${run.startedAt.toISOString()}${link ? `: ${link}` : ''}`;
    return { verdict: `${pipeline}: already running`, cause, next: `${again} --wait   joins it` };
  }
  return { verdict: `${pipeline}: interrupted`, cause: 'Ctrl-C before a run was started', next: again };
}

/** What `--json` says where there is no receipt: the document must parse whatever happened. */
function documentWithout({ pipeline, end, error, run, exitCode }: CarriedRun, showing: Showing, problem?: string) {
  const message = end?.failure?.message ?? problem ?? (error === undefined ? undefined : messageOf(error));
  return {
    run: {
      pipeline,
      workflowId: run?.workflowId ?? null,
      runId: run?.runId ?? null,
      outcome: end?.outcome ?? null,
      link: run ? (runLink(showing.engine, run.workflowId, run.runId) ?? null) : null,
    },
    exitCode,
    error: message === undefined ? null : { type: end?.failure?.type ?? null, message },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
