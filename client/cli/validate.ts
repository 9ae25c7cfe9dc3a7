import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { makePlan } from '../../activities/plan/make-plan.ts';
import { resolveEnvironment } from '../../infra/settings/environment-settings.ts';
import { planSettings } from './plan-settings.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { counted } from './figures.ts';
import { requirePipelines } from './known-names.ts';

interface Validated {
  readonly pipeline: string;
  readonly valid: boolean;
  readonly planDigest: string | null;
  readonly problem: string | null;
}

/** `acequia validate`: everything that can be known of a definition before data moves. Reads no data, writes nothing. */
export async function validate(named: readonly string[], environment: string, json: boolean): Promise<ExitCode> {
  const settings = resolveEnvironment(environment, process.env);
  const results: Validated[] = [];
  for (const pipeline of requirePipelines(named, settings)) {
    try {
      const { digest, sources, models, checks } = await makePlan(
        pipeline,
        {},
        new Date().toISOString(),
        planSettings(settings),
        {
          report: () => undefined,
          signal: new AbortController().signal,
        },
      );
      results.push({ pipeline, valid: true, planDigest: digest, problem: null });
      const found = [
        counted(sources.length, 'source'),
        counted(models.length, 'model'),
        counted(checks.length, 'check'),
      ];
      if (!json) process.stdout.write(`${pipeline}: valid: ${found.join(', ')}\n`);
    } catch (error) {
      if (!(error instanceof AcequiaError)) throw error;
      results.push({ pipeline, valid: false, planDigest: null, problem: error.message });
      if (!json) process.stdout.write(`${pipeline}: ${error.message}\n`);
    }
  }
  if (json) process.stdout.write(`${JSON.stringify(results.length === 1 ? results[0] : results, null, 2)}\n`);
  return results.every(({ valid }) => valid) ? EXIT.done : EXIT.usage;
}
