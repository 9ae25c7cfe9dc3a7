import { closest } from '../../../workflows/definition/closest.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import type { EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { usageError } from '../command-error.ts';
import { readReceipt } from '../receipt.ts';

/** A run that has ended, as its receipt's place tells. */
export interface StoredRun {
  readonly pipeline: string;
  readonly runId: string;
  /** Of the receipt, in the lake. */
  readonly uri: string;
  /** It published nothing, and stands for no run of its pipeline. */
  readonly isReplay: boolean;
}

type Place = Pick<EnvironmentSettings, 'lake' | 'name'>;

const SHORT_ID = 8;

/** As much of a run's id as is shown, and is enough to name it: its end, as ids may begin with the time. */
export function shortId(runId: string): string {
  return runId.slice(-SHORT_ID);
}

/** Every run of the environment that has left a receipt, the newest first; replays are none. */
export async function storedRuns(place: Pick<Place, 'lake'>): Promise<StoredRun[]> {
  return (await withReplays(place)).filter(({ isReplay }) => !isReplay);
}

async function withReplays({ lake }: Pick<Place, 'lake'>): Promise<StoredRun[]> {
  const opened = openLake(lake);
  const keys = await opened.list('receipts');
  const runs = keys.flatMap(({ key, writtenMs }) => {
    const [, pipeline, replays, runId] = /^receipts\/([^/]+)\/(replays\/)?([^/]+)\.json$/.exec(key) ?? [];
    if (pipeline === undefined || runId === undefined) return [];
    const run = { pipeline, runId, uri: opened.uriOf(key), isReplay: replays !== undefined };
    return [{ run, begunMs: begunMs(runId) ?? writtenMs }];
  });
  return runs.sort((a, b) => b.begunMs - a.begunMs).map(({ run }) => run);
}

/**
 * When a run was begun, in milliseconds since 1970, where its id says so (UUID version 7, as Temporal gives them): a receipt that
 * was copied or put back from a backup keeps its place.
 */
function begunMs(runId: string): number | undefined {
  const [, high, low] = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(runId) ?? [];
  return high === undefined || low === undefined ? undefined : Number.parseInt(`${high}${low}`, 16);
}

/** The receipts of some runs, one after the other, so that the first that will do is enough. */
export async function* receiptsOf(runs: readonly StoredRun[], { lake }: Pick<Place, 'lake'>): AsyncGenerator<Receipt> {
  for (const { uri } of runs) yield await readReceipt(uri, lake);
}

/** The receipt of the run that a word names. @throws CommandError (exit 2) with what there is */
export async function findRun(word: string, place: Place): Promise<Receipt> {
  return readReceipt((await findStoredRun(word, place)).uri, place.lake);
}

/**
 * The run that a word names: its id or the end or beginning of it, `latest`, or a pipeline, which stands for its last run.
 * A replay is named by its id alone.
 *
 * @throws CommandError (exit 2) with what there is
 */
export async function findStoredRun(word: string, place: Place): Promise<StoredRun> {
  const all = await withReplays(place);
  const runs = all.filter(({ isReplay }) => !isReplay);
  const [newest] = runs;
  if (!newest) {
    throw usageError(
      `No run of the environment "${place.name}" has left a receipt.`,
      'run something first, or name another environment with --env',
    );
  }
  if (word === 'latest') return newest;
  const exact = runs.find(({ pipeline }) => pipeline === word) ?? all.find(({ runId }) => runId === word);
  if (exact) return exact;
  const begun = word.length >= 4 ? all.filter(({ runId }) => runId.endsWith(word) || runId.startsWith(word)) : [];
  const [only] = begun;
  if (only && begun.length === 1) return only;
  const what = only
    ? `${begun.length} runs have an id like "${word}".`
    : `There is no run "${word}" in the environment "${place.name}".`;
  const pipelines = [...new Set(runs.map(({ pipeline }) => pipeline))];
  const shown = (only ? begun : runs)
    .slice(0, 5)
    .map(({ runId, pipeline }) => `${only ? runId : shortId(runId)} (${pipeline})`);
  throw usageError(
    `${what}${only ? '' : closest(word, [...pipelines, ...runs.map(({ runId }) => shortId(runId))])}`,
    `name latest, a pipeline, or one of: ${shown.join(', ')}${runs.length > 5 ? ', …' : ''}${only ? '' : '; or another environment with --env'}`,
  );
}
