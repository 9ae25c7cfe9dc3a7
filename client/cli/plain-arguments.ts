import { publishAnywayWords } from './publish-anyway.ts';
import type { StartArguments } from './start-workflow.ts';

/** The arguments of `start-workflow` written out, none left to npm or to defaults; without `--detach`. */
export function plainArguments(
  { options, wait, json }: Pick<StartArguments, 'options' | 'wait' | 'json'>,
  environment: string,
  pipelines: readonly string[],
): string[] {
  return [
    ...pipelines,
    `--env=${environment}`,
    ...(options.tables ? [`--tables=${options.tables.join(',')}`] : []),
    ...(options.fullRefresh ? [`--full-refresh=${options.fullRefresh.join(',')}`] : []),
    ...(options.since === undefined ? [] : [`--since=${options.since}`]),
    ...(options.asOf === undefined ? [] : [`--as-of=${options.asOf}`]),
    ...(options.sample === undefined ? [] : [`--sample=${options.sample}`]),
    ...(options.inbox === undefined ? [] : [`--inbox=${options.inbox}`]),
    ...(options.validateOnly ? ['--validate-only'] : []),
    ...(options.validate ? ['--validate'] : []),
    ...(options.anyAge ? ['--any-age'] : []),
    ...(options.once ? ['--once'] : []),
    ...publishAnywayWords(options),
    ...(wait ? ['--wait'] : []),
    ...(json ? ['--json'] : []),
  ];
}
