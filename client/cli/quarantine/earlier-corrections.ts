import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { withSession } from '../../../activities/duckdb/session.ts';
import type { EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import type { Correction, RunOptions } from '../../../workflows/definition/index.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { usageError } from '../command-error.ts';
import { counted } from '../figures.ts';
import { found } from '../found.ts';
import { receiptsOf, shortId, storedRuns } from '../runs/stored-runs.ts';
import { typedCommand } from '../shell-words.ts';
import { replayedRows } from './replayed-rows.ts';
import { exportCommand } from './export-name.ts';
import { digestAside } from './put-correction-aside.ts';

export type Corrections = NonNullable<RunOptions['corrections']>;

/** A source of a run, and the file that is to be replayed into it. */
export interface Replayed {
  readonly receipt: Receipt;
  readonly source: string;
  /** Absolute path, as it was typed. */
  readonly file: string;
  readonly correction: Correction;
}

/**
 * The corrections of a run with one more. The earlier ones stay: they are among the files of that run, and without them the
 * rows that they brought would be taken out of the table.
 *
 * @throws CommandError (exit 2) where rows would be lost or doubled: an earlier file is gone or was changed, the new one
 * repeats rows of it, or a later run has published other corrections
 */
export async function withCorrection(replayed: Replayed, settings: EnvironmentSettings): Promise<Corrections> {
  const { receipt, source, correction } = replayed;
  const before = receipt.run.options?.corrections ?? {};
  await requireKept(receipt);
  const earlier = before[source] ?? [];
  const isThere = earlier.some((one) => isSame(one, correction));
  if (!isThere) await requireOnce(replayed, earlier);
  // Their order stays: files of one name are told apart by it.
  const corrections = { ...before, [source]: isThere ? earlier : [...earlier, correction] };
  await requireNoneDropped(replayed, corrections, settings);
  return corrections;
}

/** Everything that was handed in for a run and its predecessors is where it was put, as it was. */
export async function requireKept({ run }: Receipt): Promise<void> {
  for (const [source, files] of Object.entries(run.options?.corrections ?? {})) {
    for (const path of files.flatMap((one) => [one.path, ...(one.places === undefined ? [] : [one.places])])) {
      const isThere = found(path)?.isFile() ?? false;
      if (isThere && (await digestOf(path)) === digestAside(path)) continue;
      throw usageError(
        `The corrected rows of ${basename(path)}, which run ${shortId(run.runId)} took for ${source}, ${isThere ? 'have been changed' : 'are gone'} where they were kept: ${path}. A replay without them would take them out of the table.`,
        'put the file back there as it was, or run it again without corrections, export its quarantine, and correct all of it in one file',
      );
    }
  }
}

/** A row that an earlier file has corrected would be loaded a second time. */
async function requireOnce({ receipt, source, file, correction }: Replayed, earlier: readonly Correction[]) {
  const run = shortId(receipt.run.runId);
  for (const one of earlier) {
    const [now, then] = [await replayedRows([correction]), await replayedRows([one])];
    const twice = await withSession(undefined, (session) =>
      session.count(`SELECT count(*) FROM (SELECT * FROM ${now} INTERSECT SELECT * FROM ${then})`),
    );
    if (twice === 0) continue;
    throw usageError(
      `${counted(twice, 'row')} of ${basename(file)} ${twice === 1 ? 'stands' : 'stand'} in ${basename(one.path)}, too, which run ${run} took: what was good there would be loaded twice.`,
      `correct what is still bad: ${exportCommand(receipt.run.runId, source, undefined, dirname(file))}`,
    );
  }
}

/** What the last run that published has brought in goes on being there. */
async function requireNoneDropped(
  { receipt, source, file }: Replayed,
  next: Corrections,
  settings: EnvironmentSettings,
) {
  const last = await lastPublished(receipt.run.pipeline, settings);
  if (!last) return;
  const dropped = Object.entries(last.run.options?.corrections ?? {}).flatMap(([name, files]) =>
    files.filter((one) => !(next[name] ?? []).some((kept) => isSame(kept, one))),
  );
  if (dropped.length === 0) return;
  const names = [...new Set(dropped.map(({ path }) => basename(path)))].join(', ');
  const run = shortId(last.run.runId);
  throw usageError(
    `Run ${run} of ${last.run.startedAt} has brought in the corrected rows of ${names}. A replay of run ${shortId(receipt.run.runId)} would take them out of the table.`,
    `replay that run: ${typedCommand(['quarantine', 'replay', run, `--source=${source}`, file])}; to begin anew without them, first run ${receipt.run.pipeline} again as it is`,
  );
}

async function lastPublished(pipelineName: string, settings: EnvironmentSettings): Promise<Receipt | undefined> {
  const runs = (await storedRuns(settings)).filter((run) => run.pipeline === pipelineName);
  for await (const receipt of receiptsOf(runs, settings)) {
    if (receipt.tables.some(({ destination }) => destination !== null)) return receipt;
  }
  return undefined;
}

function isSame(one: Correction, other: Correction): boolean {
  return one.path === other.path && one.places === other.places;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
