import { resolveEnvironment } from '../../infra/settings/environment-settings.ts';
import type { RunOptions } from '../../workflows/definition/index.ts';
import type { ExitCode } from './exit-codes.ts';
import { requirePipelines, requireTables } from './known-names.ts';
import { withOwnSettings } from './own-settings.ts';
import { plainArguments } from './plain-arguments.ts';
import { shellWords } from './shell-words.ts';
import { startRequests, type Starting } from './start-requests.ts';

export interface StartArguments extends Pick<Starting, 'detach' | 'wait' | 'json'> {
  /** None: the environment's default set. */
  readonly pipelines: readonly string[];
  readonly environment: string;
  readonly options: RunOptions;
}

/** Runs pipelines and shows them to their end. */
export async function startWorkflow(start: StartArguments): Promise<ExitCode> {
  const { environment, options } = start;
  const settings = resolveEnvironment(environment, process.env);
  const pipelines = requirePipelines(start.pipelines, settings);
  await requireTables(options, pipelines, settings);
  const requests = await Promise.all(
    pipelines.map(async (pipeline) => ({
      pipeline,
      environment: settings.name,
      options: await withOwnSettings(options, settings.pipelinesFolder, pipeline, process.env),
    })),
  );
  const plain = ['start-workflow', ...plainArguments(start, environment, pipelines)];
  return startRequests(settings, requests, { ...start, plain, again: again(start) });
}

/** How one would type the same again; flags with values behind ` -- `, where npm leaves them alone. */
function again({ pipelines, options, environment }: StartArguments): string {
  const [env = '', ...flags] = plainArguments({ options, wait: false, json: false }, environment, []);
  const words = [...pipelines, ...(flags.length > 0 ? ['--'] : []), env, ...flags];
  return `npm run start-workflow ${shellWords(words)}`;
}
