import { join } from 'node:path';
import type {
  DrainDefinition,
  DrainSource,
  DrainSourcePlan,
  Plan,
  QueueSource,
  RunOptions,
  TargetPlan,
  WrittenPipeline,
} from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { parseObjectUrl } from '../objects/object-url.ts';
import { loadMappings } from '../normalise/load-mappings.ts';
import { resolveAsOf, sealPlan } from './compile-plan.ts';
import { compileTarget } from './compile-target.ts';
import type { PlanSettings } from './make-plan.ts';
import { resolveDatabases, wantedPostgres, type Databases } from './resolve-databases.ts';

interface Named {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly definition: WrittenPipeline;
}

type Variables = PlanSettings['variables'];

const DEFAULT_COLUMNS = { id: 'id', createdAt: 'created_at', processed: 'processed', processedAt: 'processed_at' };

/** What a run of a drain cannot be asked for. */
const MEANINGLESS = {
  inbox: '--inbox',
  since: '--since',
  sample: '--sample',
  tables: '--tables',
  validateOnly: '--validate-only',
  validate: '--validate',
  fullRefresh: '--full-refresh',
  corrections: 'quarantine replay',
  publishAnyway: '--publish-anyway',
  replayOf: 'replay',
} as const;

/** Resolves the definition of a drain for one run. Errors: `DefinitionInvalid`, `SettingMissing`. */
export async function makeDrainPlan(
  { name, folder, definition }: Named,
  options: RunOptions,
  startedAt: string,
  settings: PlanSettings,
): Promise<Plan> {
  const { drain, timezone } = definition;
  if (!drain) throw new Error(`${name} drains nothing`);
  refuseMeaningless(options);
  const environment = { name: settings.environment, defaults: settings.defaults };
  const { variables } = settings;
  const wanted = chosenSources(drain, definition, environment.defaults, variables);
  const queues = wanted.flatMap(([, source]) => (source.kind === 'queue' ? [source.setting] : []));
  const databases = resolveDatabases(
    [...queues, drain.into.setting].map(wantedPostgres),
    definition,
    folder,
    environment,
    variables,
  );
  const target = targetOf(drain.into, databases, timezone);
  const mappings = join(folder, 'mappings');
  const { digest } = await loadMappings(mappings, target);
  const pollSeconds = pollOf(drain, options, variables);
  return sealPlan({
    pipeline: name,
    environment: settings.environment,
    summary: definition.summary,
    asOf: resolveAsOf(definition, databases.sample, options, startedAt),
    sample: databases.sample,
    lake: settings.lake,
    out: join(settings.out, name),
    sources: [],
    models: [],
    checks: [],
    destinations: [],
    failedSources: 'stop',
    options,
    drain: {
      from: wanted.map(([source, spec]) => compileSource(source, spec, databases, variables)),
      embedded: drain.embedded ?? [],
      target,
      mappings: { folder: mappings, digest },
      review: true,
      ...(pollSeconds === undefined ? {} : { pollSeconds }),
    },
  });
}

function refuseMeaningless(options: RunOptions): void {
  const [asked] = Object.entries(MEANINGLESS).filter(([option]) => options[option as keyof RunOptions] !== undefined);
  if (!asked) return;
  throw new AcequiaError('DefinitionInvalid', {
    what: `${asked[1]} means nothing for a pipeline that drains what waits.`,
    where: 'the options of the run',
    remedy: 'leave it out',
  });
}

/** Those that a setting names; where none does and defaults are allowed, those that there is a sample for. */
function chosenSources(
  { from }: DrainDefinition,
  { sample }: Pick<WrittenPipeline, 'sample'>,
  defaults: boolean,
  variables: Variables,
): [string, DrainSource][] {
  const all = Object.entries(from);
  const named = all.filter(([, { setting }]) => variables[setting]);
  if (named.length > 0) return named;
  const samples = all.filter(([, { setting }]) => defaults && sample?.databases?.[setting] !== undefined);
  if (samples.length > 0) return samples;
  const settings = all.map(([, { setting }]) => setting);
  throw new AcequiaError('SettingMissing', {
    what: `Nothing says where records wait: ${settings.join(' and ')} are not set.`,
    where: 'environment variables of the worker',
    remedy: `set one of them, where the worker runs: ${settings.join(' or ')}`,
  });
}

function compileSource(
  name: string,
  source: DrainSource,
  { references }: Databases,
  variables: Variables,
): DrainSourcePlan {
  if (source.kind === 'bucket') {
    const prefix = source.prefix === undefined ? '' : (variables[source.prefix] ?? '');
    return { kind: 'bucket', name, url: bucketUrl(source.setting, variables[source.setting] ?? '', prefix) };
  }
  const said = (key: keyof NonNullable<QueueSource['settings']>): string | undefined => {
    const setting = source.settings?.[key];
    return (setting === undefined ? undefined : variables[setting]) || undefined;
  };
  const [table = '', schema = 'public'] = (said('table') ?? source.table).split('.').reverse();
  const record = said('record');
  const beside = [...new Set(source.forms.flatMap((form) => form.beside ?? []))];
  const columns = { ...DEFAULT_COLUMNS, ...source.columns };
  return {
    kind: 'queue',
    name,
    database: references.get(`postgres:${source.setting}`) ?? { setting: source.setting },
    schema,
    table,
    forms: record === undefined ? source.forms : [{ record, beside }],
    columns: {
      id: said('id') ?? columns.id,
      createdAt: said('createdAt') ?? columns.createdAt,
      processed: said('processed') ?? columns.processed,
      processedAt: said('processedAt') ?? columns.processedAt,
    },
  };
}

/** `raw-events` is a bucket of S3. Error `DefinitionInvalid`: no bucket can be called so. */
function bucketUrl(setting: string, given: string, prefix: string): string {
  const root = (/^\w+:\/\//.test(given) ? given : `s3://${given}`).replace(/\/+$/, '');
  const url = `${root}/${prefix.replace(/^\/+/, '')}`;
  try {
    parseObjectUrl(url);
    return url;
  } catch (error) {
    if (!(error instanceof AcequiaError)) throw error;
    throw new AcequiaError('DefinitionInvalid', {
      what: `The setting ${setting} names no bucket: "${given}".`,
      where: 'environment variables of the worker',
      why: 'Names of buckets are 3 letters or more, digits, points and dashes.',
      remedy: `write it as ${setting}=raw-events, ${setting}=s3://raw-events or ${setting}=gs://raw-events`,
    });
  }
}

function targetOf(into: DrainDefinition['into'], { references }: Databases, timezone: string | undefined): TargetPlan {
  return {
    database: references.get(`postgres:${into.setting}`) ?? { setting: into.setting },
    name: `postgres:${into.setting}`,
    schema: into.schema ?? 'public',
    table: into.table,
    ...compileTarget(into, timezone),
  };
}

/** Seconds between two looks; `undefined`: once. */
function pollOf({ poll }: DrainDefinition, options: RunOptions, variables: Variables): number | undefined {
  if (!poll || options.once === true) return undefined;
  const once = poll.once === undefined ? undefined : variables[poll.once];
  if (once && !['true', 'false'].includes(once)) throw meansNothing(poll.once ?? '', once, 'true or false is expected');
  if (once === 'true') return undefined;
  const said = variables[poll.setting];
  if (!said) return poll.seconds;
  if (!/^[1-9]\d{0,8}$/.test(said)) throw meansNothing(poll.setting, said, 'a number of seconds is expected');
  return Number(said);
}

function meansNothing(setting: string, value: string, expected: string): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `The setting ${setting} means nothing: "${value}"; ${expected}.`,
    where: 'environment variables of the worker',
    remedy: 'correct or unset it',
  });
}
