import { build, type BuildFailure, type Message } from 'esbuild';
import { relative } from 'node:path';
import { AcequiaError } from '../failure/acequia-error.ts';

/**
 * The default export of a file in the language of definitions, compiled as it is on disk now. Such a file is data: it may
 * import the language and its own files, nothing that does I/O.
 *
 * @param file absolute path
 * @param invalid makes an error of what keeps it from being read, each problem with its place
 */
export async function defaultExport(file: string, invalid: (problems: readonly string[]) => Error): Promise<unknown> {
  const code = await compile(file, invalid);
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  try {
    return ((await import(/* @vite-ignore */ url)) as { default?: unknown }).default;
  } catch (error) {
    throw invalid([error instanceof Error ? error.message : String(error)]);
  }
}

/** @param about what has the problems: `The definition of sales` */
export function invalidFile(
  file: string,
  problems: readonly string[],
  { about, remedy }: { readonly about: string; readonly remedy: string },
): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `${about} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems
      .map((problem) => `    ${problem}`)
      .join('\n')}`,
    where: shownPath(file),
    remedy,
  });
}

/** A file below this folder by its path from here. */
export function shownPath(file: string): string {
  const shown = relative(process.cwd(), file);
  return shown.startsWith('..') ? file : shown;
}

async function compile(file: string, invalid: (problems: readonly string[]) => Error): Promise<string> {
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
    throw invalid(messages.map(describeMessage));
  }
}

function describeMessage({ text, location }: Message): string {
  return location
    ? `${location.file}:${location.line}:${location.column + 1}: ${text}\n      ${location.lineText.trim()}`
    : text;
}
