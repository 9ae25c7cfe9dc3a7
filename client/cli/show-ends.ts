import type { EnvironmentSettings } from '../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../workflows/receipt.ts';
import type { CarriedRun } from './carry-run.ts';
import { runLink, type Engine } from './connect-engine.ts';
import { copyNotes } from './copy/copy-text.ts';
import { copyVerdict } from './copy/copy-verdict.ts';
import { correctionNotes } from './quarantine/correction-notes.ts';
import { findReceipt, readReceipt, receiptPlace } from './receipt.ts';
import { receiptText } from './receipt-text.ts';
import { readReports } from './runs/source-reports.ts';
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
  print(told.map(({ end, ...rest }) => textOf(end, rest, showing)).join('\n\n'));
}

/** A run's receipt and where it is. */
interface Told {
  readonly receipt?: Receipt;
  readonly uri?: string;
  readonly problem?: string;
  /** How a copy's files were read, and what came of corrected rows. */
  readonly notes?: readonly string[];
}

async function receiptOf({ end, run, pipeline }: CarriedRun, { settings }: Showing): Promise<Told> {
  if (!end) return {};
  let uri = end.receipt;
  try {
    uri ??= run && (await findReceipt({ pipeline, runId: run.runId }, settings.lake));
    if (uri === undefined) return {};
    const receipt = await readReceipt(uri, settings.lake);
    return { uri, receipt, notes: await notesOn(receipt, settings.lake, standing()) };
  } catch (error) {
    return { problem: `the receipt ${uri ?? ''} cannot be read from here: ${messageOf(error)}` };
  }
}

/** A pipeline's reader knows its files; of a copy all was found out just now. */
async function notesOn(receipt: Receipt, lake: string, folder: string): Promise<string[]> {
  const { copy, corrections } = receipt.run.options ?? {};
  if (!copy && !corrections) return [];
  const told = await readReports(receipt, lake);
  return [...(copy ? copyNotes(receipt, told) : []), ...(await correctionNotes(receipt, told, lake, folder))];
}

/** Where the person stood when typing. */
function standing(): string {
  return process.env['INIT_CWD'] ?? process.cwd();
}

function textOf(carried: CarriedRun, { receipt, uri, problem, notes = [] }: Told, showing: Showing): string {
  const { end, error, run } = carried;
  const link = run && runLink(showing.engine, run.workflowId, run.runId);
  const file = uri === undefined ? undefined : receiptPlace(uri, standing());
  const place = {
    ...(link ? { link } : {}),
    ...(file ? { receipt: file } : {}),
    embedded: showing.engine.kind === 'embedded',
  };
  const parts: string[] = [];
  if (problem) parts.push(problem);
  if (receipt) parts.push(receiptText(receipt, place, colorsFor(process.stdout), notes));
  const failure = end?.failure?.message ?? (error === undefined ? undefined : messageOf(error));
  const shown = receipt?.sources.some((source) => source.error?.message === failure) ?? false;
  if (failure?.includes('\n') && !shown) parts.push(failure);
  parts.push(verdictText(verdictFor(carried, receipt, failure, { link, file, again: showing.again })));
  return parts.join('\n');
}

function verdictFor(
  { pipeline, end, run }: CarriedRun,
  receipt: Receipt | undefined,
  failure: string | undefined,
  {
    link,
    file,
    again,
  }: { readonly link: string | undefined; readonly file: string | undefined; readonly again: string },
) {
  if (receipt?.run.options?.copy) return copyVerdict(receipt, failure, again, file ?? 'the receipt');
  if (failure !== undefined) return failureVerdict(pipeline, failure, again);
  if (receipt) return verdictOf(receipt, again, file ?? 'the receipt');
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
