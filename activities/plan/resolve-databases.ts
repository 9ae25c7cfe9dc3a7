import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseReference, PipelineDefinition } from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

/** What leads to the databases of a pipeline. */
export interface Databases {
  /** Setting → what is read. */
  readonly references: ReadonlyMap<string, DatabaseReference>;
  /** Whether one of them is a sample. */
  readonly sample: boolean;
}

/**
 * For each database that a pipeline reads: what its setting says, or where defaults are allowed the sample. Throws
 * `SettingMissing` with all that are missing. The URLs themselves go into no plan: they may hold passwords.
 *
 * @param folder of the pipeline, absolute
 */
export function resolveDatabases(
  definition: Pick<PipelineDefinition, 'sources' | 'sample'>,
  folder: string,
  environment: { readonly name: string; readonly defaults: boolean },
  variables: Readonly<Record<string, string | undefined>>,
): Databases {
  const settings = new Set(
    Object.values(definition.sources).flatMap((source) => (source.kind === 'postgres' ? [source.setting] : [])),
  );
  const references = new Map<string, DatabaseReference>();
  const missing: string[] = [];
  for (const setting of settings) {
    const file = environment.defaults ? definition.sample?.databases?.[setting] : undefined;
    if (variables[setting]) references.set(setting, { setting });
    else if (file !== undefined)
      references.set(setting, { setting, sample: requireFile(join(folder, 'sample', file), setting) });
    else missing.push(setting);
  }
  if (missing.length > 0) throw settingMissing(missing, environment);
  return { references, sample: [...references.values()].some(({ sample }) => sample !== undefined) };
}

function requireFile(path: string, setting: string): string {
  if (existsSync(path)) return path;
  throw new AcequiaError('DefinitionInvalid', {
    what: `The SQL that fills the sample of ${setting} is not there.`,
    where: path,
    remedy: 'mend sample.databases in the definition, or write that file',
  });
}

function settingMissing(
  missing: readonly string[],
  { name, defaults }: { readonly name: string; readonly defaults: boolean },
): AcequiaError {
  const sample = defaults ? 'the sample (this pipeline has none for it)' : `the sample (not used in ${name})`;
  return new AcequiaError('SettingMissing', {
    what: `Nothing says where the database of ${missing.join(' and ')} is.`,
    why: `Tried in this order: the setting, ${sample}.`,
    remedy: `set ${missing.join(' and ')} to postgresql://user:password@host:5432/database, where the worker runs`,
  });
}
