import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadDefinition, pipelineNames } from '../../activities/plan/load-definition.ts';
import { AcequiaError } from '../../activities/failure/acequia-error.ts';

/** A question that a pipeline lets the API answer. */
export interface DeclaredView {
  readonly pipeline: string;
  /** The path without its first slash: `ventas/resumen_por_categoria`. */
  readonly name: string;
  readonly sql: string;
  /** Absolute path of the published database. */
  readonly database: string;
  readonly as: 'rows' | 'object';
  readonly summary: string;
}

/** Paths that the API keeps for itself. */
export const OWN_PATHS = ['health', 'openapi.json'] as const;

/**
 * Every view of every pipeline.
 *
 * @param out absolute path of the environment's output folder; each pipeline publishes in a folder below it
 * @throws AcequiaError `DefinitionInvalid` for a definition with problems, a missing SQL file, or a path taken twice
 */
export async function declaredViews(pipelinesFolder: string, out: string): Promise<DeclaredView[]> {
  const names = await pipelineNames(pipelinesFolder);
  const views = (await Promise.all(names.map((name) => viewsOf(pipelinesFolder, out, name)))).flat();
  const taken = new Map<string, string>(OWN_PATHS.map((path) => [path, 'the API itself']));
  for (const { name, pipeline } of views) {
    const holder = taken.get(name);
    if (holder !== undefined) {
      throw new AcequiaError('DefinitionInvalid', {
        what: `Two views want the path /${name}.`,
        where: `pipelines/${pipeline}/pipeline.ts: views.${name}`,
        why: `It belongs to ${holder} already.`,
        remedy: 'give one of them another name',
      });
    }
    taken.set(name, `pipeline ${pipeline}`);
  }
  return views;
}

async function viewsOf(pipelinesFolder: string, out: string, pipeline: string): Promise<DeclaredView[]> {
  const { definition, folder } = await loadDefinition(pipelinesFolder, pipeline);
  return Promise.all(
    Object.entries(definition.views ?? {}).map(async ([name, view]) => ({
      pipeline,
      name,
      sql: await readSql(join(folder, 'views', `${name}.sql`), pipeline, name),
      database: join(out, pipeline, view.from.path),
      as: view.as ?? 'rows',
      summary: view.summary ?? `${name} of ${pipeline}`,
    })),
  );
}

async function readSql(file: string, pipeline: string, name: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim().replace(/;\s*$/, '');
  } catch (cause) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `The view ${name} has no SQL.`,
      where: `pipelines/${pipeline}/views/${name}.sql`,
      remedy: 'write that file, or take the view out of pipeline.ts',
      cause,
    });
  }
}
