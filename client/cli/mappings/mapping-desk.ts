import { inForce, storedMappings, type StoredMapping } from '../../../activities/drain/mapping-store.ts';
import type { Session } from '../../../activities/duckdb/session.ts';
import { AcequiaError } from '../../../activities/failure/acequia-error.ts';
import { isPrepared, unknownShapes, type UnknownShape } from '../../../activities/mappings/unknown-shapes.ts';
import { withSink } from '../../../activities/mappings/with-sink.ts';
import { loadDefinition, pipelineNames } from '../../../activities/plan/load-definition.ts';
import { makePlan } from '../../../activities/plan/make-plan.ts';
import { embeddedDatabases } from '../../../infra/postgres/embedded-databases.ts';
import { resolveEnvironment, type EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import type { DrainPlan, Mapping } from '../../../workflows/definition/index.ts';
import { usageError } from '../command-error.ts';
import { requirePipelines } from '../known-names.ts';
import { planSettings } from '../plan-settings.ts';
import { typedCommand } from '../shell-words.ts';

/** What every command about mappings works on: the database that rows go to, and what it holds of shapes and mappings. */
export interface MappingDesk {
  readonly settings: EnvironmentSettings;
  readonly pipeline: string;
  readonly drain: DrainPlan;
  readonly session: Session;
  /** All that are kept, proposals among them. */
  readonly stored: readonly StoredMapping[];
  readonly mappings: readonly Mapping[];
  /** Those that most records wait for first; also such as no record waits for any more. */
  readonly shapes: readonly UnknownShape[];
}

export interface DeskArguments {
  /** Default: the only one that drains what waits. */
  readonly pipeline: string | undefined;
  readonly environment: string;
}

/** Opens the desk for `use` and closes it whatever happens. Nothing is written. */
export async function withDesk<Result>(
  { pipeline: named, environment }: DeskArguments,
  signal: AbortSignal,
  use: (desk: MappingDesk) => Promise<Result>,
): Promise<Result> {
  const settings = resolveEnvironment(environment, process.env);
  const pipeline = await drainingPipeline(named, settings);
  const work = { report: () => undefined, signal };
  const { drain } = await makePlan(
    pipeline,
    { once: true },
    new Date().toISOString(),
    { ...planSettings(settings) },
    work,
  );
  if (!drain) throw drainsNothing(pipeline);
  const databases = embeddedDatabases(settings.folder);
  const access = {
    variables: process.env,
    sampleDatabase: (name: string, sqlFile: string) => databases.url(name, sqlFile, signal),
  };
  try {
    return await withSink(drain.target, access, signal, async (session) => {
      const isThere = await isPrepared(session, drain.target);
      const stored = isThere ? await storedMappings(session, drain.target) : [];
      const shapes = isThere ? await unknownShapes(session, drain.target) : [];
      return use({ ...{ settings, pipeline, drain, session, stored, shapes }, mappings: inForce(stored) });
    });
  } finally {
    await databases.release();
  }
}

async function drainingPipeline(named: string | undefined, settings: EnvironmentSettings): Promise<string> {
  if (named !== undefined) return requirePipelines([named], settings)[0] ?? named;
  const draining: string[] = [];
  for (const name of await pipelineNames(settings.pipelinesFolder))
    if (await drains(settings.pipelinesFolder, name)) draining.push(name);
  const [only, ...others] = draining;
  if (only !== undefined && others.length === 0) return only;
  throw usageError(
    only === undefined
      ? 'No pipeline drains what waits: only such a one has mappings.'
      : `${draining.length} pipelines have mappings: ${draining.join(', ')}.`,
    only === undefined ? 'see docs/mappings.md' : `name one: --pipeline=${only}`,
  );
}

/** A definition that is broken says so to whoever runs it. */
async function drains(folder: string, name: string): Promise<boolean> {
  try {
    return (await loadDefinition(folder, name)).definition.drain !== undefined;
  } catch (error) {
    if (error instanceof AcequiaError) return false;
    throw error;
  }
}

function drainsNothing(pipeline: string) {
  return usageError(
    `The pipeline ${pipeline} does not drain what waits: it has no mappings.`,
    typedCommand(['mappings', 'list']),
  );
}
