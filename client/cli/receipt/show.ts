import { receiptMarkdown } from '../../../activities/receipt/receipt-markdown.ts';
import { resolveEnvironment, type EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { usageError } from '../command-error.ts';
import { runLink } from '../connect-engine.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { receiptPlace } from '../receipt.ts';
import { receiptText } from '../receipt-text.ts';
import { findStoredRun } from '../runs/stored-runs.ts';
import { colorsFor } from '../terminal.ts';
import { parseReceipt } from './parse-receipt.ts';
import { receiptNotes } from './receipt-notes.ts';
import { alteredText, signatureLine } from './signature-text.ts';
import { readSigned } from './signed-receipt.ts';

export interface ShowReceiptArguments {
  /** A run's id, `latest`, or a pipeline: its last run. */
  readonly run: string;
  readonly environment: string;
  /** The very bytes that are in the lake. */
  readonly json: boolean;
  readonly markdown: boolean;
  /** Where the person stood when typing. */
  readonly folder: string;
}

/**
 * `acequia receipt show`: the account of a run that has ended, and whether its signature holds. Of one that was altered the
 * exit status is 1, and standard error says so, whichever form is printed.
 */
export async function showReceipt(args: ShowReceiptArguments): Promise<ExitCode> {
  const { run, environment, json, markdown, folder } = args;
  if (json && markdown) throw usageError('--json and --markdown cannot both be printed.', 'leave one of them out');
  const settings = resolveEnvironment(environment, process.env);
  const stored = await findStoredRun(run, settings);
  const { text, signature } = await readSigned(stored, settings);
  const place = receiptPlace(stored.uri, folder);
  const { trusted } = settings.receiptKeys;
  const altered = signature.state === 'altered';
  // First: what was altered may not even be printable.
  if (altered) say(alteredText(signature.why, place, colorsFor(process.stderr)));
  else if (json || markdown) say(signatureLine(signature, trusted, colorsFor(process.stderr)));

  const receipt = parseReceipt(text, place);
  if (json) process.stdout.write(text);
  else if (markdown) process.stdout.write(`${receiptMarkdown(receipt)}\n`);
  else {
    const lines = [forPeople(receipt, place, settings), signatureLine(signature, trusted, colorsFor(process.stdout))];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return altered ? EXIT.failed : EXIT.done;
}

function forPeople(receipt: Receipt, place: string, { temporal }: EnvironmentSettings): string {
  const { run, versions } = receipt;
  const link = runLink(temporal, run.workflowId, run.runId);
  const where = { embedded: false, receipt: place, ...(link ? { link } : {}) };
  return [
    `${run.pipeline}, run ${run.runId}, started ${run.startedAt}: ${run.outcome}`,
    receiptText(receipt, where, colorsFor(process.stdout), receiptNotes(receipt)),
    `versions     Acequia ${versions.acequia}, DuckDB ${versions.duckdb}, Node ${versions.node}`,
  ].join('\n');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
