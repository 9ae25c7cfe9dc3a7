import { readFile } from 'node:fs/promises';
import type { ModelTest } from '../../workflows/definition/index.ts';
import { modelTestSchema } from '../../workflows/definition/model-test-schema.ts';
import { describeProblems } from '../../workflows/definition/schema.ts';
import type { AcequiaError } from '../failure/acequia-error.ts';
import { defaultExport, invalidFile, shownPath } from '../plan/definition-file.ts';
import type { TestFile } from './test-files.ts';

/** A test of a file, or what is wrong with the way in which it is written. */
export interface ReadTest {
  /** `[2]`, its place in the list, where it has none. */
  readonly name: string;
  /** File and line. */
  readonly where: string;
  readonly test: ModelTest | { readonly problems: readonly string[] };
}

/** The tests of a file, as it is on disk now. @throws AcequiaError `DefinitionInvalid` for a file that holds no list of tests */
export async function readTests({ path }: TestFile, pipeline: string): Promise<ReadTest[]> {
  const exported = await defaultExport(path, (problems) => invalid(path, pipeline, problems));
  if (!Array.isArray(exported)) {
    const problem = 'its default export is no list; it is written: export default [modelTest(…), …]';
    throw invalid(path, pipeline, [problem]);
  }
  const lines = (await readFile(path, 'utf8')).split('\n');
  return exported.map((item: unknown, index): ReadTest => {
    const name = nameOf(item);
    const line = name === undefined ? -1 : lines.findIndex((text) => text.includes(name));
    const parsed = modelTestSchema.safeParse(item);
    return {
      name: name ?? `[${index}]`,
      where: `${shownPath(path)}${line < 0 ? '' : `:${line + 1}`}`,
      test: parsed.success ? (parsed.data as ModelTest) : { problems: describeProblems(parsed.error) },
    };
  });
}

function invalid(path: string, pipeline: string, problems: readonly string[]): AcequiaError {
  return invalidFile(path, problems, {
    about: 'The file of tests',
    remedy: `mend the file, then: npm run acequia -- test ${pipeline}`,
  });
}

function nameOf(item: unknown): string | undefined {
  const name = typeof item === 'object' && item !== null && 'name' in item ? item.name : undefined;
  return typeof name === 'string' && name.trim() !== '' ? name : undefined;
}
