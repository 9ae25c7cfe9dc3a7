import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mapping, TargetPlan } from '../../workflows/definition/index.ts';
import { closest } from '../../workflows/definition/closest.ts';
import { mappingSchema } from '../../workflows/definition/mapping-schema.ts';
import { describeProblems } from '../../workflows/definition/schema.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { compileMapping } from './compile-mapping.ts';

/** The mappings that ship with a pipeline, as files of their names. */
export interface ShippedMappings {
  readonly mappings: readonly Mapping[];
  /** SHA-256 over all of them, hex. */
  readonly digest: string;
}

/**
 * Reads `<folder>/*.json`. A folder that is not there holds none. Error `DefinitionInvalid`, with the file and every problem.
 */
export async function loadMappings(
  folder: string,
  target: Pick<TargetPlan, 'columns' | 'rules'>,
): Promise<ShippedMappings> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
  const mappings: Mapping[] = [];
  for (const file of files) {
    const path = join(folder, file);
    const mapping = parseMapping(await readFile(path, 'utf8'), path, target);
    if (`${mapping.id}.json` !== file) throw invalid(path, [`id: "${mapping.id}" is not the file's name`]);
    mappings.push(mapping);
  }
  return { mappings, digest: createHash('sha256').update(JSON.stringify(mappings)).digest('hex') };
}

/** Reads one mapping, and sees that it fits its target. Error `DefinitionInvalid`. @param where for messages */
export function parseMapping(text: string, where: string, target: Pick<TargetPlan, 'columns' | 'rules'>): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(where, [error instanceof Error ? error.message : String(error)]);
  }
  const parsed = mappingSchema.safeParse(value);
  if (!parsed.success) throw invalid(where, describeProblems(parsed.error));
  const mapping = parsed.data as Mapping;
  const names = target.columns.map(({ name }) => name);
  const unknown = Object.keys(mapping.columns).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw invalid(
      where,
      unknown.map((name) => `columns.${name}: the target has no such column.${closest(name, names)}`),
    );
  compileMapping(mapping, target, []);
  return mapping;
}

function invalid(where: string, problems: readonly string[]): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `The mapping is not one: ${problems.length === 1 ? problems.join('') : `${problems.length} problems`}${
      problems.length === 1 ? '' : problems.map((problem) => `\n    ${problem}`).join('')
    }`,
    where,
    remedy: 'mend it (docs/mappings.md has the language)',
  });
}
