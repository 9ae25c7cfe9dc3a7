import { resolveEnvironment } from '../../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readReports, type ToldSource } from '../runs/source-reports.ts';
import { findRun } from '../runs/stored-runs.ts';
import { whyType } from '../runs/type-words.ts';
import { explainText } from './explain-text.ts';

export interface ExplainArguments {
  /** A run's id, `latest`, or a pipeline: its last run. */
  readonly run: string;
  readonly environment: string;
  readonly json: boolean;
}

/** `acequia explain`: how the files of a run were read, and what decided the type of each column. */
export async function explain({ run, environment, json }: ExplainArguments): Promise<ExitCode> {
  const settings = resolveEnvironment(environment, process.env);
  const receipt = await findRun(run, settings);
  const told = await readReports(receipt, settings.lake);
  process.stdout.write(`${json ? JSON.stringify(document(receipt, told), null, 2) : explainText(receipt, told)}\n`);
  return EXIT.done;
}

function document({ run, sources }: Receipt, told: readonly ToldSource[]) {
  return {
    run: { pipeline: run.pipeline, runId: run.runId, startedAt: run.startedAt, outcome: run.outcome },
    sources: told.map(({ source: { name, uri, read, staged, quarantined, deduplicated, discarded }, report }) => {
      const { files, leftOut, missing } = report;
      const tables = report.tables.map(({ name: table, list, columns }) => {
        const told = columns.map((column) => {
          return { ...column, renamed: column.field !== column.name, decided: whyType(column) || null };
        });
        return { name: table, list, columns: told };
      });
      return { name, uri, read, staged, quarantined, deduplicated, discarded, files, tables, leftOut, missing };
    }),
    failed: sources.flatMap(({ name, uri, error }) => (error ? [{ name, uri, error }] : [])),
  };
}
