import type { Plan, RunOptions, SourcePlan } from '../../workflows/definition/index.ts';
import { scratchFolder } from '../../workflows/replay-scratch.ts';
import type { LandedFile, PlanRequest } from '../../workflows/stages.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { isWholePlace } from '../files/source-place.ts';
import { matchNames } from '../files/match-names.ts';
import { openLake, type Lake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { sealPlan } from './compile-plan.ts';
import { makeCopyPlan } from './copy-plan.ts';
import { loadDefinition } from './load-definition.ts';
import { makePlan, type PlanSettings } from './make-plan.ts';
import { readPastRun, type PastRun, type PastSource } from './past-run.ts';

/** What the paths of a definition count from while they are held against names alone. */
const NOWHERE = '/';

/**
 * The plan of a replay: today's definition, or the options of the copy, over the landed bytes of a run that has ended. It
 * works in a lake of its own.
 *
 * Errors: those of the other plans; `ReceiptUnreadable`, `SourceMissing`.
 */
export async function makeReplayPlan(
  { run, options }: PlanRequest,
  replayed: NonNullable<RunOptions['replayOf']>,
  settings: PlanSettings,
  work: Work,
): Promise<Plan> {
  work.report({ step: 'reading what the run has left' });
  const lake = openLake(settings.lake);
  const past = await readPastRun(run.pipeline, replayed.runId, lake);
  const scratch = lake.uriOf(scratchFolder(run));
  const { copy } = options;
  const { sample: __, ...asked } = options;
  const { digest: _, ...planned } = await (copy
    ? makeCopyPlan(run.pipeline, copy, options, run.startedAt, settings, work.signal, past.sources)
    : makePlan(run.pipeline, { ...asked, inbox: NOWHERE, anyAge: true }, run.startedAt, settings, work));
  // What was read of a database has been landed; it is not asked again.
  const { databases = [], ...plan } = planned;
  const tables = databases.flatMap((database) => database.tables.map(({ source }) => source));
  const placed = copy ? [] : await placedElsewhere(settings.pipelinesFolder, run.pipeline);
  const filesOf = (source: SourcePlan): Promise<readonly LandedFile[]> =>
    copy || tables.includes(source.name) || placed.includes(source.name)
      ? Promise.resolve(sameSource(past, source).files)
      : filesFor(source, past);
  const sources: SourcePlan[] = [];
  for (const source of plan.sources) {
    const landed = await writeList(openLake(scratch), source.name, await filesOf(source));
    const lay = past.sources.find(({ name }) => name === source.name)?.uri;
    sources.push({ ...source, landed, ...(lay === undefined ? {} : { path: lay }) });
  }
  // What cannot be read today would look as if it had been taken out of the definition.
  return sealPlan({ ...plan, sources, options, failedSources: 'stop', replay: { receipt: past.uri, scratch } });
}

/** Sources whose files lie where a setting says, or in a bucket of their own: no path of the definition finds those again. */
async function placedElsewhere(pipelinesFolder: string, pipeline: string): Promise<string[]> {
  const { definition } = await loadDefinition(pipelinesFolder, pipeline);
  return Object.entries(definition.sources).flatMap(([name, source]) =>
    source.kind !== 'postgres' && (typeof source.path !== 'string' || isWholePlace(source.path)) ? [name] : [],
  );
}

/** The tables of a copy, those of a database, and files that lie elsewhere, are those that the run had. */
function sameSource(past: PastRun, { name }: SourcePlan): PastSource {
  const found = past.sources.find((source) => source.name === name);
  if (!found) {
    throw new AcequiaError('SourceMissing', {
      what: `Run ${past.receipt.run.runId} has not read ${name}.`,
      where: `sources.${name}`,
      remedy: 'replay a run that has',
    });
  }
  return found;
}

/** The files that a source of today's definition would have found in the inbox of that run, and its corrections. */
async function filesFor({ name, path }: SourcePlan, { receipt, sources }: PastRun): Promise<readonly LandedFile[]> {
  const own = new Map(
    sources.flatMap(({ files }) => files.filter(({ origin }) => origin === 'own').map((file) => [file.name, file])),
  );
  const matching = await matchNames(path.slice(NOWHERE.length), [...own.keys()]);
  const found = matching.flatMap((file) => own.get(file) ?? []);
  const handedIn = (sources.find((source) => source.name === name)?.files ?? []).filter(
    ({ origin }) => origin === 'correction',
  );
  if (found.length > 0) return [...found, ...handedIn];
  throw new AcequiaError('SourceMissing', {
    what: `Run ${receipt.run.runId} has read no file that the source ${name} would take.`,
    where: `sources.${name}: ${path.slice(NOWHERE.length)}`,
    why: `Its files were: ${[...own.keys()].slice(0, 5).join(', ')}${own.size > 5 ? ', …' : ''}.`,
    remedy: 'replay a run that has read such files, or mend the path of the source',
  });
}

function writeList(scratch: Lake, source: string, files: readonly LandedFile[]): Promise<string> {
  return scratch.writeText(`landed/${source}.json`, JSON.stringify(files));
}
