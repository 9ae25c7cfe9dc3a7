import { resolve } from 'node:path';
import { resolveEnvironment, type EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import type { RunOptions } from '../../../workflows/definition/index.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import type { RunRequest } from '../../../workflows/run-request.ts';
import { usageError } from '../command-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { found } from '../found.ts';
import { requirePipelines } from '../known-names.ts';
import { withOwnSettings } from '../own-settings.ts';
import { publishAnyway, publishAnywayWords, type TypedPublishAnyway } from '../publish-anyway.ts';
import { readReports } from '../runs/source-reports.ts';
import { findRun } from '../runs/stored-runs.ts';
import { typedCommand } from '../shell-words.ts';
import { startRequests, type Starting } from '../start-requests.ts';
import { withCorrection } from './earlier-corrections.ts';
import { putCorrectionAside } from './put-correction-aside.ts';
import { withOriginalRecords } from './original-records.ts';
import { oneQuarantinedSource, quarantineRows, type QuarantinedSource } from './quarantined-source.ts';
import { replayedCopy, takesRecordsAlone } from './replayed-copy.ts';

export interface ReplayArguments extends Pick<Starting, 'detach' | 'wait' | 'json'> {
  readonly run: string;
  readonly source: string | undefined;
  /** With corrected records: as `export` wrote it, or any file with the source's columns. */
  readonly file: string;
  readonly anyAge: boolean;
  readonly typed: TypedPublishAnyway;
  readonly environment: string;
  /** What a relative path counts from. */
  readonly folder: string;
}

/**
 * `acequia quarantine replay`: the same pipeline or copy once more, with the corrected records beside its files. Where a
 * copy appends or merges, the corrected records alone go into the same table.
 */
export async function replayQuarantine(args: ReplayArguments): Promise<ExitCode> {
  const settings = resolveEnvironment(args.environment, process.env);
  const receipt = await findRun(args.run, settings);
  const source = oneQuarantinedSource(receipt, args.source);
  const file = resolve(args.folder, args.file);
  if (!found(file)?.isFile()) {
    throw usageError(`There is no file "${args.file}".`, `mend the path; looked for at ${file}`);
  }
  const thisTime = { ...(args.anyAge ? { anyAge: true } : {}), ...publishAnyway(args.typed) };
  const request = await replayRequest(receipt, source, file, thisTime, settings);
  const words = (path: string): string[] => [
    ...['quarantine', 'replay', receipt.run.runId, path, `--source=${source.name}`, `--env=${settings.name}`],
    ...(args.anyAge ? ['--any-age'] : []),
    ...publishAnywayWords(thisTime),
  ];
  return startRequests(settings, [request], {
    ...args,
    again: typedCommand(words(args.file)),
    plain: [...words(file), ...(args.wait ? ['--wait'] : []), ...(args.json ? ['--json'] : [])],
  });
}

/** The run that takes the corrected records in. `thisTime`: what is asked of it alone; what was overridden before is not again. */
export async function replayRequest(
  receipt: Receipt,
  source: QuarantinedSource,
  file: string,
  thisTime: Pick<RunOptions, 'anyAge' | 'publishAnyway'>,
  settings: EnvironmentSettings,
): Promise<RunRequest> {
  const { pipeline, options } = receipt.run;
  const environment = settings.name;
  const rows = await quarantineRows(source, receipt, settings.lake);
  const correction = await withOriginalRecords(await putCorrectionAside(file, settings), rows, settings);
  if (options?.copy && takesRecordsAlone(options.copy)) {
    const [told] = (await readReports(receipt, settings.lake)).filter((one) => one.source.name === source.name);
    const copy = replayedCopy(options.copy, source.name, told?.report, correction.path);
    const { anyAge: _, ...overrides } = thisTime;
    return { pipeline, environment, options: { ...overrides, copy } };
  }
  const { validateOnly: _, publishAnyway: __, ...asked } = options ?? {};
  const corrections = await withCorrection({ receipt, source: source.name, file, correction }, settings);
  const again = { ...asked, corrections, ...thisTime };
  if (options?.copy) return { pipeline, environment, options: again };
  requirePipelines([pipeline], settings);
  return {
    pipeline,
    environment,
    options: await withOwnSettings(again, settings.pipelinesFolder, pipeline, process.env),
  };
}
