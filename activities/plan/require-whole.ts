import {
  destinationName,
  type ModelPlan,
  type PipelineDefinition,
  type RunOptions,
} from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

/**
 * A table that is made of a part of the rows must not take the place of one that is made of all of them: only what is merged
 * keeps what a load does not hold. Throws `DefinitionInvalid` where `--since` would do that.
 *
 * @param models with the tables that each reads
 */
export function requireWhole(
  definition: Pick<PipelineDefinition, 'models'>,
  models: readonly Pick<ModelPlan, 'name' | 'inputs'>[],
  { since, fullRefresh = [] }: Pick<RunOptions, 'since' | 'fullRefresh'>,
): void {
  if (since === undefined) return;
  const partial = new Set<string>();
  // In their order every model comes behind those that it reads.
  for (const { name, inputs } of models)
    if (definition.models[name]?.since !== undefined || inputs.some((input) => partial.has(input))) partial.add(name);
  const problems = [...partial].flatMap((name) => [
    ...(fullRefresh.includes(name) ? [`${name}: --full-refresh makes it anew of all rows`] : []),
    ...(definition.models[name]?.publish ?? [])
      .filter(({ mode }) => mode !== 'merge')
      .map((to) => `${name} in ${destinationName(to)}: mode ${to.mode ?? 'replace'} takes what is left out for gone`),
  ]);
  if (problems.length === 0) return;
  throw new AcequiaError('DefinitionInvalid', {
    what: `--since ${since} would leave tables with a part of their rows:\n${problems.map((problem) => `    ${problem}`).join('\n')}`,
    where: 'the options of the run',
    remedy:
      "leave --since out, or --full-refresh; or publish these tables with mode 'merge', which keeps what a load does not hold",
  });
}
