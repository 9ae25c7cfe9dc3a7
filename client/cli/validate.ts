import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { requireModel, testFiles } from '../../activities/model-test/test-files.ts';
import { makePlan } from '../../activities/plan/make-plan.ts';
import { resolveEnvironment, type EnvironmentSettings } from '../../infra/settings/environment-settings.ts';
import type { Plan, RunOptions } from '../../workflows/definition/index.ts';
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
      const found = [
        counted(sources.length, 'source'),
        counted(plan.models.length, 'model'),
        counted(new Set(plan.destinations.flatMap(({ tables }) => tables.map(({ name }) => name))).size, 'table'),
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

/** A place for files that no setting names yet says nothing against a definition. */
async function planOf(pipeline: string, settings: EnvironmentSettings): Promise<{ plan: Plan; needed: string | null }> {
  const work = { report: () => undefined, signal: new AbortController().signal };
  const plan = (options: RunOptions): Promise<Plan> =>
    makePlan(pipeline, options, new Date().toISOString(), planSettings(settings), work);
  try {
    return { plan: await plan({}), needed: null };
  } catch (error) {
    if (!(error instanceof AcequiaError) || error.type !== 'SettingMissing') throw error;
    return { plan: await plan({ inbox: settings.pipelinesFolder }), needed: error.remedy };
  }
}
