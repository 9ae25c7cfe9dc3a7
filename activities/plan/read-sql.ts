import { readFile, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { AcequiaError } from '../failure/acequia-error.ts';
import { closest } from '../../workflows/definition/closest.ts';

export interface SqlFile {
  /** Relative to the pipeline's folder. */
  readonly file: string;
  readonly sql: string;
}

/** `<kind>/<name>.sql` of a pipeline's folder for each name; a missing file and a file that nothing names are errors. */
export async function readSqlFiles(
  folder: string,
  kind: 'models' | 'checks' | 'queries' | 'views',
  names: readonly string[],
): Promise<Map<string, SqlFile>> {
  const there = await sqlNames(join(folder, kind));
  const where = join(basename(folder), kind);
  for (const name of names) {
    if (!there.includes(name)) {
      throw new AcequiaError('DefinitionInvalid', {
        what: `${kind}/${name}.sql is missing.${closest(name, there)}`,
        where,
        remedy: `write that file, or take "${name}" out of pipeline.ts`,
      });
    }
  }
  const unnamed = there.filter((name) => !names.includes(name));
  if (unnamed.length) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `pipeline.ts says nothing of ${unnamed.map((name) => `${kind}/${name}.sql`).join(', ')}.`,
      where,
      remedy: `give each an entry under ${kind} in pipeline.ts, or remove the file`,
    });
  }
  const entries = names.map(async (name): Promise<[string, SqlFile]> => {
    const file = `${kind}/${name}.sql`;
    const text = await readFile(join(folder, file), 'utf8');
    return [name, { file, sql: text.trim().replace(/;\s*$/, '') }];
  });
  return new Map(await Promise.all(entries));
}

/** Names are paths below the folder without `.sql`, with `/` between their parts. */
async function sqlNames(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
      .map((entry) =>
        relative(folder, join(entry.parentPath, entry.name)).slice(0, -'.sql'.length).replaceAll('\\', '/'),
      )
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
