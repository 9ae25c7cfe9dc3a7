import { build, type BuildFailure, type Message } from 'esbuild';
import { access, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { PipelineDefinition } from '../../workflows/definition/index.ts';
import { describeProblems, pipelineSchema } from '../../workflows/definition/schema.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { closest } from '../../workflows/definition/closest.ts';

export interface LoadedDefinition {
  readonly definition: PipelineDefinition;
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
  const exported: unknown = await evaluate(await compile(file), file);
  const parsed = pipelineSchema.safeParse(exported);
  if (!parsed.success) throw invalid(name, file, describeProblems(parsed.error));
  return { definition: parsed.data as PipelineDefinition, folder };
}

/** A definition is data: it may import the language of definitions and its own files, nothing that does I/O. */
async function compile(file: string): Promise<string> {
  try {
    const result = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'silent',
    });
    return result.outputFiles[0]?.text ?? '';
  } catch (error) {
    const messages = (error as Partial<BuildFailure>).errors;
    if (!messages) throw error;
    throw invalid('', file, messages.map(describeMessage));
  }
}

function describeMessage({ text, location }: Message): string {
  return location
    ? `${location.file}:${location.line}:${location.column + 1}: ${text}\n      ${location.lineText.trim()}`
    : text;
}

async function evaluate(code: string, file: string): Promise<unknown> {
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  try {
    return ((await import(/* @vite-ignore */ url)) as { default?: unknown }).default;
  } catch (error) {
    throw invalid('', file, [error instanceof Error ? error.message : String(error)]);
  }
}

function invalid(name: string, file: string, problems: readonly string[]): AcequiaError {
  const shown = relative(process.cwd(), file);
  return new AcequiaError('DefinitionInvalid', {
    what: `The definition${name ? ` of ${name}` : ''} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems
      .map((problem) => `    ${problem}`)
      .join('\n')}`,
    where: shown.startsWith('..') ? file : shown,
    remedy: `mend the file, then: npm run acequia -- validate${name ? ` ${name}` : ''}`,
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
