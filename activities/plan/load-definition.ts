import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WrittenPipeline } from '../../workflows/definition/index.ts';
import { describeProblems, pipelineSchema } from '../../workflows/definition/schema.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { closest } from '../../workflows/definition/closest.ts';
import { defaultExport, invalidFile } from './definition-file.ts';

export interface LoadedDefinition {
  readonly definition: WrittenPipeline;
  /** Absolute path of the pipeline's folder. */
  readonly folder: string;
}

/** Names of the pipelines there are: folders with a `pipeline.ts`. */
export async function pipelineNames(pipelinesFolder: string): Promise<string[]> {
  const entries = await readdir(pipelinesFolder, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => ((await exists(join(pipelinesFolder, name, 'pipeline.ts'))) ? [name] : [])),
  );
  return found.flat().sort();
}

/**
 * Compiles and reads `pipelines/<name>/pipeline.ts`, as it is on disk now: an edit counts from the next run on, without
 * a restart of the worker. Throws `DefinitionInvalid` with every problem and its place.
 */
export async function loadDefinition(pipelinesFolder: string, name: string): Promise<LoadedDefinition> {
  const folder = join(pipelinesFolder, name);
  const file = join(folder, 'pipeline.ts');
  if (!/^[A-Za-z0-9_-]+$/.test(name) || !(await exists(file))) {
    const names = await pipelineNames(pipelinesFolder);
    throw new AcequiaError('DefinitionInvalid', {
      what: `There is no pipeline "${name}".${closest(name, names)}`,
      where: join(pipelinesFolder, name, 'pipeline.ts'),
      why: `Pipelines there are: ${names.join(', ') || 'none'}.`,
      remedy: 'name one of them, or write that file',
    });
  }
  const exported: unknown = await defaultExport(file, (problems) => invalid('', file, problems));
  const parsed = pipelineSchema.safeParse(exported);
  if (!parsed.success) throw invalid(name, file, describeProblems(parsed.error));
  return { definition: parsed.data as WrittenPipeline, folder };
}

function invalid(name: string, file: string, problems: readonly string[]): AcequiaError {
  return invalidFile(file, problems, {
    about: `The definition${name ? ` of ${name}` : ''}`,
    remedy: `mend the file, then: npm run acequia -- validate${name ? ` ${name}` : ''}`,
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
