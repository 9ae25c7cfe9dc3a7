import { closest } from '../../workflows/definition/closest.ts';
import type { EnvironmentSettings } from '../../infra/settings/environment-settings.ts';
import type { RunOptions } from '../../workflows/definition/index.ts';
import { usageError } from './command-error.ts';
import { readProjectNames } from './project-names.ts';

/** The pipelines to run, each once. @throws CommandError (exit 2) for a name that is no pipeline */
export function requirePipelines(
  named: readonly string[],
  { definition, pipelinesFolder, name }: Pick<EnvironmentSettings, 'definition' | 'pipelinesFolder' | 'name'>,
): string[] {
  const { pipelines } = readProjectNames(pipelinesFolder);
  const wanted = named.length > 0 ? named : definition.pipelines;
  if (wanted.length === 0) {
    throw usageError(`The environment "${name}" names no default pipelines.`, `name some of: ${pipelines.join(', ')}`);
  }
  return known(wanted, pipelines);
}

/** The pipelines that are named, each once; none named: all there are. @throws CommandError (exit 2) for a name that is no pipeline */
export function namedOrAll(named: readonly string[], pipelinesFolder: string): string[] {
  const { pipelines } = readProjectNames(pipelinesFolder);
  return known(named.length > 0 ? named : pipelines, pipelines);
}

function known(wanted: readonly string[], pipelines: readonly string[]): string[] {
  for (const pipeline of wanted) {
    if (pipelines.includes(pipeline)) continue;
    throw usageError(
      `There is no pipeline "${pipeline}".${closest(pipeline, pipelines)}`,
      `name one of: ${pipelines.join(', ') || '(there are none in pipelines/)'}`,
    );
  }
  return [...new Set(wanted)];
}

/** Refuses names of tables that the pipeline does not have, before a server is started for them. @throws CommandError (exit 2) */
export async function requireTables(
  options: Pick<RunOptions, 'tables' | 'fullRefresh' | 'inbox'>,
  pipelines: readonly string[],
  { pipelinesFolder }: Pick<EnvironmentSettings, 'pipelinesFolder'>,
): Promise<void> {
  const named = [...(options.tables ?? []), ...(options.fullRefresh ?? [])];
  if (pipelines.length > 1 && (named.length > 0 || options.inbox !== undefined)) {
    throw usageError(
      `--tables, --full-refresh and --inbox mean one pipeline's, and ${pipelines.length} would run: ${pipelines.join(', ')}.`,
      `name one pipeline: npm run start-workflow ${pipelines[0] ?? ''} …`,
    );
  }
  const written = readProjectNames(pipelinesFolder, pipelines).tables;
  if (named.every((table) => written.includes(table))) return;
  // Tables that are taken over from a source have no file: the definition says which there are.
  const tables = await definedTables(pipelinesFolder, pipelines);
  const unknown = named.find((table) => !tables.includes(table));
  if (unknown === undefined) return;
  throw usageError(
    `There is no table "${unknown}" in ${pipelines.join(', ')}.${closest(unknown, tables)}`,
    `name some of: ${tables.join(', ')}`,
  );
}

async function definedTables(pipelinesFolder: string, pipelines: readonly string[]): Promise<string[]> {
  const { loadDefinition } = await import('../../activities/plan/load-definition.ts');
  const loaded = await Promise.all(pipelines.map((name) => loadDefinition(pipelinesFolder, name)));
  return [...new Set(loaded.flatMap(({ definition }) => Object.keys(definition.models)))].sort();
}
