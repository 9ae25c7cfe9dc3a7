import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { closest } from '../../workflows/definition/closest.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { shownPath } from '../plan/definition-file.ts';

const ENDING = '.test.ts';

/** A file with tests of a model. */
export interface TestFile {
  readonly model: string;
  /** Absolute. */
  readonly path: string;
}

/** Every `models/<model>.test.ts` of a pipeline, by name. */
export async function testFiles(pipelinesFolder: string, pipeline: string): Promise<TestFile[]> {
  const folder = join(pipelinesFolder, pipeline, 'models');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ENDING))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path, model: relative(folder, path).slice(0, -ENDING.length).replaceAll('\\', '/') };
    })
    .sort((a, b) => (a.model < b.model ? -1 : 1));
}

/**
 * The model that a file tests: without one its tests would never say anything.
 *
 * @throws AcequiaError `DefinitionInvalid`
 */
export function requireModel<Model extends { readonly name: string }>(
  { model, path }: TestFile,
  models: readonly Model[],
): Model {
  const tested = models.find(({ name }) => name === model);
  if (tested) return tested;
  const names = models.map(({ name }) => name);
  throw new AcequiaError('DefinitionInvalid', {
    what: `models/${model}${ENDING} tests a model that is not there.${closest(model, names)}`,
    where: shownPath(path),
    why: `Models there are: ${names.join(', ') || 'none'}.`,
    remedy: 'name the file after the model that it tests, or remove it',
  });
}
