import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { requireModel, testFiles } from '../../activities/model-test/test-files.ts';
import { loadDefinition } from '../../activities/plan/load-definition.ts';
import { makePlan } from '../../activities/plan/make-plan.ts';
import { publishable } from '../../activities/plan/settle-destinations.ts';
import { resolveEnvironment, type EnvironmentSettings } from '../../infra/settings/environment-settings.ts';
import {
  ABILITIES,
  isOfDatabase,
  settingOf,
  type Plan,
  type RunOptions,
  type WrittenPipeline,
} from '../../workflows/definition/index.ts';
import { planSettings } from './plan-settings.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { counted } from './figures.ts';
import { requirePipelines } from './known-names.ts';

interface Validated {
  readonly pipeline: string;
  readonly valid: boolean;
  readonly planDigest: string | null;
  readonly problem: string | null;
  /** What a run needs besides: the definition is sound without it. */
  readonly needed: string | null;
}

/** `acequia validate`: everything that can be known of a definition before data moves. Reads no data, writes nothing. */
export async function validate(named: readonly string[], environment: string, json: boolean): Promise<ExitCode> {
  const settings = resolveEnvironment(environment, process.env);
  const results: Validated[] = [];
  for (const pipeline of requirePipelines(named, settings)) {
    try {
      const { plan, needed } = await planOf(pipeline, settings);
      const { digest, sources, models, checks } = plan;
      for (const file of await testFiles(settings.pipelinesFolder, pipeline)) requireModel(file, models);
      results.push({ pipeline, valid: true, planDigest: digest, problem: null, needed });
      const tables = plan.destinations.flatMap((destination) => destination.tables);
      const takenOver = new Set(tables.filter(({ from }) => from === 'source').map(({ name }) => name)).size;
      const found = [
        counted(sources.length, 'source'),
        counted(plan.models.length, 'model'),
        ...(takenOver > 0 ? [counted(takenOver, 'table')] : []),
        counted(checks.length, 'check'),
      ];
      const before = needed === null ? '' : ` (before a run: ${needed})`;
      if (!json) process.stdout.write(`${pipeline}: valid: ${found.join(', ')}${before}\n`);
    } catch (error) {
      if (!(error instanceof AcequiaError)) throw error;
      results.push({ pipeline, valid: false, planDigest: null, problem: error.message, needed: null });
      if (!json) process.stdout.write(`${pipeline}: ${error.message}\n`);
    }
  }
  if (json) process.stdout.write(`${JSON.stringify(results.length === 1 ? results[0] : results, null, 2)}\n`);
  return results.every(({ valid }) => valid) ? EXIT.done : EXIT.usage;
}

/** A place that no setting names yet says nothing against a definition. */
async function planOf(pipeline: string, settings: EnvironmentSettings): Promise<{ plan: Plan; needed: string | null }> {
  const work = { report: () => undefined, signal: new AbortController().signal };
  const plan = (options: RunOptions, variables = process.env): Promise<Plan> =>
    makePlan(pipeline, options, new Date().toISOString(), { ...planSettings(settings), variables }, work);
  try {
    return { plan: await plan({}), needed: null };
  } catch (error) {
    if (!(error instanceof AcequiaError) || error.type !== 'SettingMissing') throw error;
    const { definition } = await loadDefinition(settings.pipelinesFolder, pipeline);
    const inbox = definition.inbox === undefined ? {} : { inbox: settings.pipelinesFolder };
    return { plan: await plan(inbox, withPlaceholders(definition, process.env)), needed: error.remedy };
  }
}

/** The settings with something for each that says where a pipeline reads or publishes, and is not set. */
function withPlaceholders({ sources, models }: WrittenPipeline, given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const read = Object.values(sources).flatMap((source): [string, string][] => {
    if (!isOfDatabase(source)) return typeof source.path === 'string' ? [] : [[source.path.setting, 'sample']];
    const setting = settingOf(source);
    return setting === undefined ? [] : [[setting, ABILITIES[source.kind].url]];
  });
  const choices = Object.values(models).flatMap(({ publish = [] }) =>
    publish.flatMap((to) => {
      if (to.kind === 'choice') return [[to.setting, publishable(to)[0]] as const];
      return to.kind === 'place' ? [[to.setting, '.'] as const] : [];
    }),
  );
  const placeholders = [...read, ...choices];
  return { ...Object.fromEntries(placeholders), ...given };
}
