import type { CleanUpStep, CleanUpSummary, PartSummary } from '../../workflows/clean-up-contract.ts';
import { durationProblem, LEAST_RETENTION_MS, RETAINED_PARTS } from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { openLake, type Lake, type StoredKey } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { NOTHING, plus } from './amount.ts';
import { neededKeys, type IsNeeded } from './needed-keys.ts';
import { Removal } from './removal.ts';

/** Where in the lake each part lies; receipts and the records of clean-ups are no part of any. */
const FOLDERS: Readonly<Record<PartSummary['part'], readonly string[]>> = {
  landing: ['landing'],
  quarantine: ['quarantine'],
  staging: ['staging', 'models', 'reports'],
  incoming: ['incoming'],
};

/** Files that were never finished, and where replays worked that never came to their end. */
const LEFT_BEHIND = /\.part(\/|$)/;

const PARTS = [...RETAINED_PARTS, 'incoming'] as const;

const TELL_EVERY = 500;

/**
 * Removes what no young receipt names, of the parts that have a retention, and what killed writes have left behind. What was
 * written or claimed since the oldest open run began, or within a day, stays: its receipt is still to come. Every receipt is
 * read before anything is removed.
 *
 * @param oldestOpenRun when the oldest run began that is open now
 * Errors: `ReceiptUnreadable`, `DefinitionInvalid`; nothing was removed then.
 */
export async function cleanUp(
  step: CleanUpStep,
  lakeUri: string,
  oldestOpenRun: () => Promise<Date | undefined>,
  work: Work,
): Promise<CleanUpSummary> {
  requireDurations(step);
  const lake = openLake(lakeUri);
  // First of all: a run that ends from here on still counts as open.
  const open = await oldestOpenRun();
  const beforeMs = Math.min(Date.parse(step.at) - LEAST_RETENTION_MS, open?.getTime() ?? Number.POSITIVE_INFINITY);
  const isNeeded = await neededKeys(lake, step, work);
  const removal = step.dryRun ? undefined : await Removal.begin(lake, step, beforeMs, work);
  const parts: PartSummary[] = [];
  for (const part of PARTS) parts.push(await cleanPart(part, { lake, step, beforeMs, isNeeded, removal, work }));
  await removal?.end();
  return { dryRun: step.dryRun, at: step.at, openSince: open?.toISOString() ?? null, parts };
}

interface Cleaning {
  readonly lake: Lake;
  readonly step: CleanUpStep;
  readonly beforeMs: number;
  readonly isNeeded: IsNeeded;
  readonly removal: Removal | undefined;
  readonly work: Work;
}

async function cleanPart(part: PartSummary['part'], cleaning: Cleaning): Promise<PartSummary> {
  const { lake, step, beforeMs, isNeeded, removal, work } = cleaning;
  const retention = part === 'incoming' ? null : (step.retention[part] ?? null);
  const goes = ({ key, writtenMs }: StoredKey): boolean => {
    if (writtenMs >= beforeMs) return false;
    return part === 'incoming' ? LEFT_BEHIND.test(key) : retention !== null && !isNeeded(key);
  };
  let [wouldGo, kept, seen] = [NOTHING, NOTHING, 0];
  let oldest: StoredKey | undefined;
  for (const folder of FOLDERS[part]) {
    for await (const stored of lake.walk(folder)) {
      work.signal.throwIfAborted();
      if ((seen += 1) % TELL_EVERY === 1) work.report({ step: `looking through ${folder}`, rows: seen });
      const amount = { files: 1, bytes: stored.bytes };
      if (goes(stored)) {
        wouldGo = plus(wouldGo, amount);
        await removal?.remove(part, stored);
        continue;
      }
      kept = plus(kept, amount);
      if (!oldest || stored.writtenMs < oldest.writtenMs) oldest = stored;
    }
  }
  const spared = (await removal?.flush()) ?? NOTHING;
  return {
    ...{ part, retention, freed: removal?.freed(part) ?? wouldGo, kept: plus(kept, spared) },
    oldestKept: oldest ? { key: oldest.key, writtenAt: new Date(oldest.writtenMs).toISOString() } : null,
  };
}

/** The command line has checked its own; a clean-up may also be started from the Web UI. */
function requireDurations({ retention }: CleanUpStep): void {
  const problems = Object.entries(retention).flatMap(([part, duration]) => {
    if (!RETAINED_PARTS.some((known) => known === part)) return [`there is no part "${part}"`];
    const problem = durationProblem(duration);
    return problem ? [`${part}: ${problem}`] : [];
  });
  if (problems.length === 0) return;
  throw new AcequiaError('DefinitionInvalid', {
    what: `The retention means nothing: ${problems.join('; ')}.`,
    where: "the clean-up's input: retention",
    remedy: 'start it again with one such as {"staging":"7d","landing":"90d"}',
  });
}
