import Table from 'cli-table3';
import { resolveEnvironment } from '../../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { closest } from '../../../workflows/definition/closest.ts';
import { usageError } from '../command-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { count } from '../figures.ts';
import { fitting } from '../key-list.ts';
import { quarantinedIn } from './quarantined-source.ts';
import { receiptsOf, shortId, storedRuns } from '../runs/stored-runs.ts';
import { terminalText } from '../runs/terminal-text.ts';
import { typedCommand } from '../shell-words.ts';

/** Runs that one answer names. */
const MOST_RUNS = 50;
const REASONS_WIDTH = 80;

export interface ListArguments {
  /** Default: all. */
  readonly pipeline: string | undefined;
  readonly environment: string;
  readonly json: boolean;
}

/** `acequia quarantine list`: runs with quarantined rows, the newest first. */
export async function listQuarantine({ pipeline, environment, json }: ListArguments): Promise<ExitCode> {
  const settings = resolveEnvironment(environment, process.env);
  const all = await storedRuns(settings);
  const runs = pipeline === undefined ? all : all.filter((run) => run.pipeline === pipeline);
  if (pipeline !== undefined && runs.length === 0)
    throw noRunOf(
      pipeline,
      all.map((run) => run.pipeline),
    );
  const found: Receipt[] = [];
  for await (const receipt of receiptsOf(runs, settings)) {
    if (quarantinedIn(receipt).length > 0) found.push(receipt);
    if (found.length === MOST_RUNS) break;
  }
  process.stdout.write(`${json ? JSON.stringify(found.flatMap(documents), null, 2) : listText(found, pipeline)}\n`);
  return EXIT.done;
}

function documents(receipt: Receipt) {
  const { pipeline, runId, startedAt } = receipt.run;
  return quarantinedIn(receipt).map(({ name, quarantined, discarded, reasons, quarantine }) => {
    return { runId, startedAt, pipeline, source: name, quarantined, discarded, reasons, quarantine };
  });
}

/** A line for each source of each run. */
export function listText(receipts: readonly Receipt[], pipeline: string | undefined): string {
  const rows = receipts.flatMap(documents);
  const [first] = rows;
  if (!first) return `nothing is in quarantine${pipeline === undefined ? '' : ` of ${pipeline}`}`;
  const table = new Table({
    head: ['run', 'started', 'pipeline', 'source', 'rows', 'why'],
    colAligns: ['left', 'left', 'left', 'left', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { runId, startedAt, pipeline: of, source, quarantined, discarded, reasons } of rows) {
    const named = reasons.map(({ reason, rows: times }) => `${count(times)} × ${terminalText(reason)}`);
    const left = discarded > 0 ? [`${count(discarded)} × value left out`] : [];
    table.push([
      ...[shortId(runId), startedAt.slice(0, 19).replace('T', ' '), of, source, count(quarantined)],
      fitting([...left, ...named], ', ', REASONS_WIDTH),
    ]);
  }
  const next = typedCommand(['quarantine', 'show', shortId(first.runId)]);
  return `${table.toString()}\nnext:  ${next}`;
}

function noRunOf(pipeline: string, known: readonly string[]) {
  const names = [...new Set(known)];
  return usageError(
    `No run of "${pipeline}" has left a receipt.${closest(pipeline, names)}`,
    names.length === 0 ? 'run something first' : `name one of: ${names.join(', ')}`,
  );
}
