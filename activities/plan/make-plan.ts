import { join } from 'node:path';
import {
  contractTables,
  isOfDatabase,
  type CheckPlan,
  type ModelPlan,
  type PipelineDefinition,
  type Plan,
  type RunOptions,
  type SourcePlan,
} from '../../workflows/definition/index.ts';
import { withSession } from '../duckdb/session.ts';
import { closest } from '../../workflows/definition/closest.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import type { Work } from '../progress.ts';
import { bindChecks, bindModels, bindRules, bindTakenOver } from './bind-models.ts';
import { structureProblems } from './check-structure.ts';
import { compileChecks, compileRules } from '../check/compile-checks.ts';
import { compileModel } from './compile-model.ts';
import { compileDatabases, compileTableSource, querySources, wantedDatabases } from './compile-databases.ts';
import { compileDestinations, compileFileSource, resolveAsOf, sealPlan } from './compile-plan.ts';
import { makeDrainPlan } from './make-drain-plan.ts';
import { compileUpload, uploadProblems } from './compile-upload.ts';
import { partialInputProblems } from './database-problems.ts';
import { loadDefinition } from './load-definition.ts';
import { madeSample } from './made-sample.ts';
import { inOrder } from './order-tables.ts';
import { modelInputs, ruleInputs, withInputs } from './parse-model.ts';
import { readSqlFiles } from './read-sql.ts';
import { requireOptions } from './require-options.ts';
import { requireSettings } from './require-settings.ts';
import { resolveDatabases } from './resolve-databases.ts';
import { resolveInbox } from './resolve-inbox.ts';
import { resolveSince } from './resolve-since.ts';
import { requireWhole } from './require-whole.ts';
import { settleDestinations } from './settle-destinations.ts';
import { settleSources } from './settle-sources.ts';
import { selectModels, selectSources } from './select-tables.ts';

/** The part of a worker's settings that decides a plan. */
export interface PlanSettings {
  readonly environment: string;
  /** Whether samples and default folders may be used. */
  readonly defaults: boolean;
  readonly pipelinesFolder: string;
  /** `file://` URI. */
  readonly lake: string;
  /** Absolute path; each pipeline gets a folder below it. */
  readonly out: string;
  /** Absolute path of the folder for samples that are made. */
  readonly samples: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * Resolves a definition for one run. Everything that can be known before data moves is found here: names, types, SQL,
 * references, settings. Throws `DefinitionInvalid` or `SettingMissing`.
 */
export async function makePlan(
  pipeline: string,
  asked: RunOptions,
  startedAt: string,
  settings: PlanSettings,
  work: Work,
): Promise<Plan> {
  const options = requireOptions(asked);
  work.report({ step: 'reading the definition' });
  const { definition: written, folder } = await loadDefinition(settings.pipelinesFolder, pipeline);
  const environment = { name: settings.environment, defaults: settings.defaults };
  requireSettings(options, settings.variables);
  if (written.drain)
    return makeDrainPlan({ name: pipeline, folder, definition: written }, options, startedAt, settings);
  const definition = settleDestinations(
    settleSources(written, pipeline, options, settings.variables),
    pipeline,
    environment.name,
    settings.variables,
  );
  const named = { name: pipeline, folder, definition };
  const inbox = await resolveInbox(named, environment, options, settings.variables, (sample) =>
    madeSample(named, sample, settings.samples, work),
  );
  const databases = resolveDatabases(wantedDatabases(definition), definition, folder, environment, settings.variables);
  const sample = inbox.sample || databases.sample;
  const { timezone = 'UTC' } = definition;
  const asOf = resolveAsOf(definition, sample, options, startedAt);
  const out = join(settings.out, pipeline);
  const where = `pipelines/${pipeline}/pipeline.ts`;
  const bySql = Object.entries(definition.models).filter(([, { from }]) => from === undefined);
  const modelFiles = await readSqlFiles(
    folder,
    'models',
    bySql.map(([name]) => name),
  );
  const checkFiles = await readSqlFiles(folder, 'checks', checkFileNames(definition));
  const queryFiles = await readSqlFiles(folder, 'queries', querySources(definition));
  await readSqlFiles(folder, 'views', Object.keys(definition.views ?? {}));

  return withSession(work.signal, async (session) => {
    work.report({ step: 'binding the models' });
    const inputs = new Map<string, readonly string[]>();
    for (const [name, { file, sql }] of modelFiles) {
      const read = await modelInputs(session, `pipelines/${pipeline}/${file}`, sql);
      const judging = await ruleInputs(session, name, compileRules(name, definition.models[name]!), where);
      inputs.set(name, [...new Set([...read, ...judging])]);
    }
    for (const [name, { from }] of Object.entries(definition.models)) if (from !== undefined) inputs.set(name, [from]);
    const since = await resolveSince(session, definition, options, { timezone, startedAt, asOf, where });
    const allSources = Object.entries(definition.sources).map(([name, source]) =>
      isOfDatabase(source)
        ? compileTableSource(name, source, definition.timezone)
        : compileFileSource(name, source, inbox, definition.timezone, options),
    );
    requireInputs(definition, allSources, inputs, where);
    requireFiles(definition, options);
    requireSound(partialInputProblems(definition, allSources, inputs), where);
    const all = inOrder(
      bySql.map(([name, model]): ModelPlan => {
        const { file, sql } = modelFiles.get(name) ?? { file: '', sql: '' };
        const place = { name, file: `pipelines/${pipeline}/${file}`, sql, inputs: inputs.get(name) ?? [] };
        return { ...place, ...compileModel(name, model, since) };
      }),
      (model) => model.inputs.filter((input) => input !== model.name),
      where,
    );
    const columns = await bindModels(session, allSources, all, asOf);
    for (const [name, { from }] of Object.entries(definition.models))
      if (from !== undefined) columns.set(name, await bindTakenOver(session, name, from));
    requireSound([...structureProblems(definition, columns), ...uploadProblems(definition)], where);
    requireWhole(definition, all, options);
    await bindRules(session, where, all);

    const selected = selectModels(definition, inputs, options);
    const models = all.filter(({ name }) => selected.includes(name));
    const sqlOfChecks = new Map([...checkFiles].map(([name, { sql }]) => [name, sql]));
    const compiled = Object.entries(definition.models)
      .filter(([name]) => selected.includes(name))
      .flatMap(([name, model]) =>
        compileChecks(name, model, { sqlFiles: sqlOfChecks, ageless: sample || options.anyAge === true }),
      );
    const checks: CheckPlan[] = [];
    for (const check of compiled) checks.push(await withInputs(session, check, where));
    await bindChecks(session, where, checks);
    const sources = selectSources(allSources, inputs, selected, options);
    const snapshots = compileDatabases(
      definition,
      sources.map(({ name }) => name),
      databases.references,
      queryFiles,
    );
    return sealPlan({
      pipeline,
      environment: settings.environment,
      summary: definition.summary,
      asOf,
      sample,
      lake: settings.lake,
      out,
      sources,
      ...(snapshots.length > 0 ? { databases: snapshots } : {}),
      models,
      checks,
      destinations: compileDestinations(definition, selected, columns, out, options.fullRefresh),
      ...compileUpload(definition.upload, settings.variables),
      ...(definition.metrics ? { metrics: definition.metrics } : {}),
      failedSources: definition.failedSources ?? 'stop',
      options,
    });
  });
}

function checkFileNames(definition: PipelineDefinition): string[] {
  const checks = Object.values(definition.models).flatMap((model) => model.checks ?? []);
  return [...new Set(checks.flatMap((check) => (check.kind === 'sql' ? [check.file] : [])))];
}

function requireInputs(
  definition: PipelineDefinition,
  sources: readonly SourcePlan[],
  inputs: ReadonlyMap<string, readonly string[]>,
  where: string,
): void {
  const known = [
    ...sources.flatMap((source) => contractTables(source).map(({ name }) => `source.${name}`)),
    ...Object.entries(definition.models).flatMap(([name, { from }]) => (from === undefined ? [name] : [])),
  ];
  const problems = [...inputs].flatMap(([model, names]) =>
    names
      .filter((name) => !known.includes(name))
      .map((name) =>
        definition.models[model]?.from === undefined
          ? `models/${model}.sql reads "${name}", which is neither a source nor a model`
          : `models.${model}.from: there is no "${name}".${closest(name, known)}`,
      ),
  );
  const there = `. There are: ${known.join(', ')}`;
  requireSound(
    problems.map((problem, index) => (index === problems.length - 1 ? problem + there : problem)),
    where,
  );
}

/** Several, a line each. */
function listed(problems: readonly string[]): string {
  return problems.length === 1 ? '' : problems.map((problem) => `\n    ${problem}`).join('');
}

/** Rows are corrected where they come from, and that is a database. */
function requireFiles({ sources }: PipelineDefinition, { corrections = {} }: RunOptions): void {
  const table = Object.keys(corrections).find((name) => sources[name] && isOfDatabase(sources[name]));
  if (table === undefined) return;
  throw new AcequiaError('DefinitionInvalid', {
    what: `Corrected rows of ${table} cannot be handed in: it is a table of a database.`,
    where: 'the options of the run',
    remedy: 'correct the rows in the database, and run the pipeline again',
  });
}

function requireSound(problems: readonly string[], where: string): void {
  if (problems.length === 0) return;
  throw new AcequiaError('DefinitionInvalid', {
    what: `The definition does not fit together: ${problems.length === 1 ? problems.join('') : `${problems.length} problems`}${listed(problems)}`,
    where,
    remedy: 'mend the definition, then: npm run acequia -- validate',
  });
}
