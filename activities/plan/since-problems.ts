import {
  destinationName,
  type ModelPlan,
  type PipelineDefinition,
  type RunOptions,
} from '../../workflows/definition/index.ts';

/**
 * Why a run must not leave out what is older than `--since`: a table made of a part of the rows would take the place of one
 * made of all of them. Only what is merged keeps what a load does not hold.
 *
 * @param models with the tables that each reads
 */
export function sinceProblems(
  definition: Pick<PipelineDefinition, 'models'>,
  models: readonly Pick<ModelPlan, 'name' | 'inputs'>[],
  { since, fullRefresh = [] }: Pick<RunOptions, 'since' | 'fullRefresh'>,
): string[] {
  if (since === undefined) return [];
  const partial = new Set<string>();
  // In their order every model comes behind those that it reads.
  for (const { name, inputs } of models)
    if (definition.models[name]?.since !== undefined || inputs.some((input) => partial.has(input))) partial.add(name);
  return [...partial].flatMap((name) => [
    ...(fullRefresh.includes(name)
      ? [
          `${name}: --full-refresh makes it anew of all rows, and --since ${since} leaves some out; leave one of them away`,
        ]
      : []),
    ...(definition.models[name]?.publish ?? [])
      .filter(({ mode }) => mode !== 'merge')
      .map((destination) => {
        const how = destination.mode ?? 'replace';
        return `${name} in ${destinationName(destination)}: mode ${how} would take what --since ${since} leaves out for gone; only 'merge' keeps it`;
      }),
  ]);
}
