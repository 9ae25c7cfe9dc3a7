import {
  contractTables,
  type PipelineDefinition,
  type RunOptions,
  type SourcePlan,
} from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { closest } from '../../workflows/definition/closest.ts';

/** The models of a run: all, or those asked for with everything they read and refer to. `inputs`: model → the tables its SQL reads. */
export function selectModels(
  definition: PipelineDefinition,
  inputs: ReadonlyMap<string, readonly string[]>,
  options: RunOptions,
): string[] {
  const all = Object.keys(definition.models);
  for (const name of [...(options.tables ?? []), ...(options.fullRefresh ?? [])]) requireTable(name, all);
  if (!options.tables) return all;
  const selected = new Set<string>();
  const add = (name: string): void => {
    if (selected.has(name) || !definition.models[name]) return;
    selected.add(name);
    inputs.get(name)?.forEach(add);
    for (const reference of Object.values(definition.models[name].references ?? {})) add(reference.split('.')[0] ?? '');
  };
  options.tables.forEach(add);
  return all.filter((name) => selected.has(name));
}

/** The sources that those models read, by any of their tables. */
export function selectSources(
  sources: readonly SourcePlan[],
  inputs: ReadonlyMap<string, readonly string[]>,
  models: readonly string[],
  options: RunOptions,
): SourcePlan[] {
  if (!options.tables) return [...sources];
  const read = new Set(models.flatMap((name) => inputs.get(name) ?? []));
  return sources.filter((source) => contractTables(source).some(({ name }) => read.has(`source.${name}`)));
}

function requireTable(name: string, all: readonly string[]): void {
  if (all.includes(name)) return;
  throw new AcequiaError('DefinitionInvalid', {
    what: `There is no table "${name}".${closest(name, all)}`,
    why: `Tables of this pipeline: ${all.join(', ')}.`,
    remedy: 'name one of them',
  });
}
