import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bigQueryReference } from '../../workflows/definition/bigquery-url.ts';
import { ABILITIES, type DatabaseReference, type PipelineDefinition } from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

/** What leads to the databases of a pipeline. */
export interface Databases {
  /** What people call a database → what is read. */
  readonly references: ReadonlyMap<string, DatabaseReference>;
  /** Whether one of them is a sample. */
  readonly sample: boolean;
}

/** A database that a pipeline needs. */
export interface WantedDatabase {
  /** What people call it. */
  readonly name: string;
  /** That leads to it. Absent: its name does. */
  readonly setting?: string;
  /** What the setting is to hold, as an example. */
  readonly url: string;
}

/** A Postgres that a setting leads to. */
export function wantedPostgres(setting: string): WantedDatabase {
  return { name: `postgres:${setting}`, setting, url: ABILITIES.postgres.url };
}

/**
 * For each of some databases: what its setting says, or where defaults are allowed the sample. Throws
 * `SettingMissing` with all that are missing. The URLs themselves go into no plan: they may hold passwords.
 *
 * @param folder of the pipeline, absolute
 */
export function resolveDatabases(
  wanted: readonly WantedDatabase[],
  definition: Pick<PipelineDefinition, 'sample'>,
  folder: string,
  environment: { readonly name: string; readonly defaults: boolean },
  variables: Readonly<Record<string, string | undefined>>,
): Databases {
  const references = new Map<string, DatabaseReference>();
  const missing: WantedDatabase[] = [];
  for (const one of wanted) {
    const { name, setting } = one;
    const file = environment.defaults && setting ? definition.sample?.databases?.[setting] : undefined;
    if (references.has(name)) continue;
    if (setting === undefined) references.set(name, bigQueryReference(name));
    else if (variables[setting]) references.set(name, { setting });
    else if (file !== undefined)
      references.set(name, { setting, sample: requireFile(join(folder, 'sample', file), setting) });
    else if (!missing.some((other) => other.setting === setting)) missing.push(one);
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
  missing: readonly WantedDatabase[],
  { name, defaults }: { readonly name: string; readonly defaults: boolean },
): AcequiaError {
  const sample = defaults ? 'the sample (this pipeline has none for it)' : `the sample (not used in ${name})`;
  return new AcequiaError('SettingMissing', {
    what: `Nothing says where the database of ${missing.map(({ setting }) => setting).join(' and ')} is.`,
    why: `Tried in this order: the setting, ${sample}.`,
    remedy: `set ${missing.map(({ setting }) => setting).join(' and ')} to ${[...new Set(missing.map(({ url }) => url))].join(' or ')}, where the worker runs`,
  });
}
