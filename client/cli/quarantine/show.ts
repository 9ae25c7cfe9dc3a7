import { withSession } from '../../../activities/duckdb/session.ts';
import { resolveEnvironment } from '../../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { NO_MAPPING } from '../../../workflows/drained-source.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { count, counted } from '../figures.ts';
import { rowLimit } from '../runs/row-limit.ts';
import { readReports, type ToldSource } from '../runs/source-reports.ts';
import { findRun } from '../runs/stored-runs.ts';
import { terminalText } from '../runs/terminal-text.ts';
import { typedCommand } from '../shell-words.ts';
import { exportCommand } from './export-name.ts';
import { quarantinedSources, quarantineRows, type QuarantinedSource } from './quarantined-source.ts';

export interface ShowArguments {
  readonly run: string;
  readonly source: string | undefined;
  readonly limit: string | undefined;
  readonly environment: string;
  readonly json: boolean;
  /** Where the person stands. */
  readonly folder: string;
}

/** A quarantined record, or a value that was left out of one that was kept. */
export interface QuarantinedRow {
  readonly file: string;
  /** Null: it stands in no file. */
  readonly line: string | null;
  readonly offset: string | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly expected: string | null;
  readonly reason: string;
  readonly record: string | null;
  readonly kept: boolean;
  /** It has been handed in again, corrected: here it is as it was before. */
  readonly replayed: boolean;
}

/**
 * `acequia quarantine show`: the rows themselves, with their values: the terminal is the person's own. Of each source at
 * most `limit`.
 */
export async function showQuarantine(args: ShowArguments): Promise<ExitCode> {
  const limit = rowLimit(args.limit);
  const settings = resolveEnvironment(args.environment, process.env);
  const receipt = await findRun(args.run, settings);
  const sources = quarantinedSources(receipt, args.source);
  const shown = await withSession(undefined, async (session) => {
    const all: { source: QuarantinedSource; rows: QuarantinedRow[] }[] = [];
    for (const source of sources) {
      const rows = await session.rows<QuarantinedRow>(
        `SELECT file, line, "offset", "column", value, expected, reason, record, kept, replayed
          FROM ${await quarantineRows(source, receipt, settings.lake)}
          ORDER BY replayed, file, line, "offset" LIMIT ${limit}`,
      );
      all.push({ source, rows });
    }
    return all;
  });
  if (args.json) {
    const documents = shown.flatMap(({ source, rows }) =>
      rows.map(({ line, offset, ...row }) => {
        return {
          source: source.name,
          line: line === null ? null : Number(line),
          offset: offset === null ? null : Number(offset),
          ...row,
        };
      }),
    );
    const { pipeline, runId } = receipt.run;
    process.stdout.write(`${JSON.stringify({ pipeline, runId, rows: documents }, null, 2)}\n`);
    return EXIT.done;
  }
  const told = await readReports(receipt, settings.lake);
  const lines = shown.flatMap(({ source, rows }) => sourceLines(source, rows));
  process.stdout.write(
    `${[headline(receipt), ...lines, ...nextLines(receipt, shown, told, args.folder)].join('\n')}\n`,
  );
  return EXIT.done;
}

function headline({ run }: Receipt): string {
  return `${run.pipeline}, run ${run.runId}, started ${run.startedAt}`;
}

/** One row a line: where it stands, why, what was read, what was expected. */
export function sourceLines(source: QuarantinedSource, rows: readonly QuarantinedRow[]): string[] {
  const { name, quarantined, discarded } = source;
  const counts = [
    counted(quarantined, 'row'),
    ...(discarded > 0 ? [`${counted(discarded, 'value')} left out of rows that were kept`] : []),
  ];
  const hidden = quarantined + discarded - rows.length;
  return [
    `${name}: ${counts.join(', ')}`,
    ...rows.map((row) => `  ${rowText(row)}`),
    ...(hidden > 0 ? [`  … and ${count(hidden)} more: --limit=${quarantined + discarded}`] : []),
  ];
}

function rowText({ file, line, offset, value, expected, reason, record, kept, replayed }: QuarantinedRow): string {
  const place = `${terminalText(file)}${line === null ? '' : `:${line}`}${offset === null ? '' : ` (byte ${count(Number(offset))})`}`;
  const read = value ?? record;
  const parts = [
    terminalText(reason, 200),
    ...(read === null ? [] : [`read "${terminalText(read)}"`]),
    ...(expected ? [`expected ${terminalText(expected)}`] : []),
    ...(kept ? ['the rest of the row is loaded'] : []),
    ...(replayed ? ['replayed since'] : []),
  ];
  return `${place}  ${parts.join('; ')}`;
}

/** Records that were drained stand in no file that could be corrected: those of unknown shapes wait for a mapping. */
function mappingsLine({ reasons }: QuarantinedSource): string[] {
  if (!reasons.some(({ reason }) => reason === NO_MAPPING)) return [];
  return [`next:  ${typedCommand(['mappings', 'list'])}   shows the shapes whose records wait for a mapping`];
}

function nextLines(
  { run }: Receipt,
  shown: readonly { readonly source: QuarantinedSource; readonly rows: readonly QuarantinedRow[] }[],
  told: readonly ToldSource[],
  folder: string,
): string[] {
  // Replayed rows come last, so that the first is one of the others, where there are others.
  const open = shown.find(
    ({ source, rows: [first] }) => source.kind === 'source' && source.quarantined > 0 && !first?.replayed,
  );
  if (!open) return [];
  if (open.source.drained) return mappingsLine(open.source);
  const { name } = open.source;
  const report = told.find(({ source }) => source.name === name)?.report;
  return [`next:  ${exportCommand(run.runId, name, report, folder)}   writes them to a file to correct`];
}
