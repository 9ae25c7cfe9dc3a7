import type { DrainPlan, DrainSourcePlan, Mapping, QueuePlan } from '../../workflows/definition/index.ts';
import type { DrainedSource, DrainRequest } from '../../workflows/drain-contract.ts';
import { loadExtension } from '../duckdb/extensions.ts';
import { withSession, type Session } from '../duckdb/session.ts';
import { sourceProblem } from '../ingest/postgres/source-problems.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { openLake } from '../lake/lake.ts';
import { loadMappings } from '../normalise/load-mappings.ts';
import { Normaliser } from '../normalise/normalise.ts';
import { ShapeBook } from '../normalise/shape-book.ts';
import { attachPostgres } from '../postgres/connection.ts';
import type { Work } from '../progress.ts';
import { postgresProblem } from '../publish/postgres/problems.ts';
import { withScratchFolder } from '../scratch-folder.ts';
import { CONNECTION_SETTINGS } from './connection-settings.ts';
import { openBucket } from './bucket-intake.ts';
import { tagsOf } from './batch-line.ts';
import { drainBatches } from './drain-batches.ts';
import { drainTotals } from './drain-ledger.ts';
import type { Intake } from './intake.ts';
import { inForce, keepShipped, storedMappings } from './mapping-store.ts';
import { openQueue } from './queue-intake.ts';
import { prepareSink } from './sink-tables.ts';
import { urlOf, type DrainSettings } from './urls.ts';

/** How long a batch that is in hand may go on once everything is to stop. */
const FINISH_MS = 10_000;

/**
 * Takes what waits in a source, batch by batch, into the target. Safe to run twice and to be killed anywhere: records are
 * written by their ids, and marked only once they are written; what is written and not marked is recognised. On a stop the
 * batch in hand is finished.
 *
 * Errors: those of Postgres at both ends (`Source…`, `Destination…`), `DefinitionInvalid`, `SettingMissing`; the signal's reason.
 */
export async function drainSource(request: DrainRequest, work: Work, settings: DrainSettings): Promise<DrainedSource> {
  const { drain } = request;
  const source = drain.from.find(({ name }) => name === request.source);
  if (!source) throw new Error(`the plan has no source ${request.source}`);
  const hard = new AbortController();
  const stop = (): void => void setTimeout(() => hard.abort(work.signal.reason), FINISH_MS).unref();
  work.signal.addEventListener('abort', stop, { once: true });
  try {
    return await withSession(hard.signal, async (session) => {
      work.report({ step: 'connecting' });
      await loadExtension(session, 'postgres_scanner');
      return drainWith(session, source, request, work, settings);
    });
  } catch (error) {
    // A stop in the middle of a file is one, whatever it has become on its way.
    work.signal.throwIfAborted();
    throw error;
  } finally {
    work.signal.removeEventListener('abort', stop);
  }
}

async function drainWith(
  session: Session,
  source: DrainSourcePlan,
  request: DrainRequest,
  work: Work,
  settings: DrainSettings,
): Promise<DrainedSource> {
  const { drain, run } = request;
  const { target } = drain;
  const shipped = await shippedMappings(drain);
  const mappings = await atSink(drain, work, async () => {
    await attachPostgres(session, 'sink', await urlOf(target, settings, work.signal), {
      settings: CONNECTION_SETTINGS,
    });
    await prepareSink(session, target);
    await keepShipped(session, target, shipped);
    return inForce(await storedMappings(session, target));
  });
  const context = { run, slice: source.name, target };
  const left = await withIntake(session, source, request, work, settings, (intake) => {
    const normaliser = new Normaliser(target, drain.embedded, new ShapeBook(mappings), intake.beside);
    return drainBatches(session, { intake, normaliser, context }, work);
  });
  const totals = await atSink(drain, work, () => drainTotals(session, target, run.runId, source.name));
  work.signal.throwIfAborted();
  return { left, totals };
}

async function withIntake<Result>(
  session: Session,
  source: DrainSourcePlan,
  { drain: { target }, run, lake }: DrainRequest,
  work: Work,
  settings: DrainSettings,
  use: (intake: Intake) => Promise<Result>,
): Promise<Result> {
  if (source.kind === 'queue') return use(await openOrigin(session, source, work, settings));
  return withScratchFolder(async (folder) => {
    const { scan } = settings;
    const reading = { lake: openLake(lake), work, folder, ...(scan ? { scan } : {}) };
    const tags = tagsOf({ run, slice: source.name });
    const intake = await openBucket(source, { ...reading, target, since: run.startedAt, tags });
    try {
      return await use(intake);
    } finally {
      await intake.close();
    }
  });
}

async function openOrigin(session: Session, source: QueuePlan, work: Work, settings: DrainSettings): Promise<Intake> {
  try {
    const url = await urlOf({ ...source, name: `postgres:${source.database.setting}` }, settings, work.signal);
    await attachPostgres(session, 'origin', url, { settings: CONNECTION_SETTINGS });
    return await openQueue(session, source);
  } catch (error) {
    work.signal.throwIfAborted();
    throw sourceProblem(error, `${source.name}: ${source.schema}.${source.table}`);
  }
}

async function atSink<Result>({ target }: DrainPlan, work: Work, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    work.signal.throwIfAborted();
    throw postgresProblem(error, target.name);
  }
}

/** Those of the plan: a run that began with others must not go on with them. */
async function shippedMappings({ mappings: { folder, digest }, target }: DrainPlan): Promise<readonly Mapping[]> {
  const shipped = await loadMappings(folder, target);
  if (shipped.digest === digest) return shipped.mappings;
  throw new AcequiaError('DefinitionInvalid', {
    what: 'The mappings of the pipeline were changed while it runs.',
    where: folder,
    remedy: 'run it again: what was taken so far is loaded, the rest waits',
  });
}
