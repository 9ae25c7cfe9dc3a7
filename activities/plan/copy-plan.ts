import { basename, dirname, join } from 'node:path';
import {
  ABILITIES,
  columnPlace,
  parseColumnType,
  parseDeclaredType,
  type Contract,
  type CopyOptions,
  type DestinationPlan,
  type Plan,
  type RunOptions,
  type SourceColumn,
  type SourcePlan,
} from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { findSource } from '../files/find-source.ts';
import { stemOf } from '../files/file-format.ts';
import { tableName } from '../names/names.ts';
import { isObjectUrl } from '../objects/object-url.ts';
import type { PlanSettings } from './make-plan.ts';
import { requireOptions } from './require-options.ts';
import { everyBreach, resolveAsOf, sealPlan } from './compile-plan.ts';

/** What is declared is held to; all else is as the files are. */
const COPY_CONTRACT: Contract = { newColumns: 'evolve', missingColumns: 'freeze', types: 'discard-row' };
/** A file of which more than half cannot be read is not what it was taken for. */
const FAIL_ABOVE = 0.5;

/** Sources of one run; each is a line of its history. */
const MOST_TABLES = 500;

/**
 * The plan of a copy: files go as they are staged to one destination.
 *
 * @param known the tables, where they do not depend on which files are there now
 * Errors: `SourceMissing`, `DefinitionInvalid`.
 */
export async function makeCopyPlan(
  pipeline: string,
  copy: CopyOptions,
  options: RunOptions,
  startedAt: string,
  settings: PlanSettings,
  signal: AbortSignal,
  known?: KnownTables,
): Promise<Plan> {
  requireOptions(options);
  const { to } = copy;
  if (!options.validateOnly) requireSetting(to, settings.variables);
  const isElsewhere = ABILITIES[to.kind].remote || isObjectUrl(to.path);
  const name = isElsewhere ? to.path : basename(to.path);
  const sources = (await sourcesOf(copy, signal, known)).map((source) => withCorrections(source, options));
  return sealPlan({
    pipeline,
    environment: settings.environment,
    summary: `Copy ${copy.from.map((path) => basename(path)).join(', ')} to ${name}`,
    asOf: resolveAsOf({}, false, options, startedAt),
    sample: false,
    lake: settings.lake,
    out: isElsewhere ? join(settings.out, pipeline) : dirname(to.path),
    sources,
    models: [],
    checks: [],
    destinations: [{ name, ...to, tables: [], staged: loadingOf(copy) }],
    failedSources: 'go-on',
    options,
  });
}

/** Tables, and the path or pattern that the files of each are named by. */
type KnownTables = readonly { readonly name: string; readonly uri: string }[];

async function sourcesOf(
  copy: CopyOptions,
  signal: AbortSignal,
  known: KnownTables | undefined,
): Promise<SourcePlan[]> {
  if (known) return known.map(({ name, uri }) => sourceOf(copy, name, uri));
  return copy.table === undefined ? tablePerFile(copy, signal) : [oneTable(copy, copy.table)];
}

/** How every table of a copy is loaded. Files that may not change their columns go into a table that may not either. */
function loadingOf(copy: CopyOptions): NonNullable<DestinationPlan['staged']> {
  const { mode, missing, vanishAtMost, key, keepLatestBy, partitionBy, contract } = copy;
  return {
    mode,
    key,
    ...(missing ? { missing } : {}),
    ...(vanishAtMost === undefined ? {} : { vanishAtMost }),
    ...(partitionBy ? { partitionBy } : {}),
    ...(mode === 'merge' && keepLatestBy ? { keepLatestBy } : {}),
    ...(contract === 'freeze' ? { freeze: true } : {}),
  };
}

/** Better now than when all has been read. */
function requireSetting({ kind, path, server }: CopyOptions['to'], variables: PlanSettings['variables']): void {
  if (server?.setting === undefined || variables[server.setting]) return;
  throw new AcequiaError('SettingMissing', {
    what: `The setting ${server.setting}, which leads to the destination, is not set.`,
    where: path,
    why: 'The worker looks it up: the one that is up already, or else the one that a command starts.',
    remedy: `set ${server.setting} to ${ABILITIES[kind].url} where the worker runs`,
  });
}

/** Everything into one table. Several paths are one source only where one pattern covers them. */
function oneTable(copy: CopyOptions, table: string): SourcePlan {
  const [path, ...more] = copy.from;
  if (path === undefined || more.length > 0) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `One table from ${copy.from.length} separate paths is not possible.`,
      why: 'The files of one table are named by one file, folder or glob.',
      remedy: `put them into one folder, or name them by a glob in quotes: 'inbox/orders_*.csv'`,
    });
  }
  return sourceOf(copy, table, path);
}

/** A table for each file, named by its stem. */
async function tablePerFile(copy: CopyOptions, signal: AbortSignal): Promise<SourcePlan[]> {
  const found = await Promise.all(copy.from.map((path) => findSource(path, { signal })));
  for (const one of found) one.close();
  const paths = found.flatMap(({ files, refused }) => [...files, ...refused].map(({ path }) => path));
  if (paths.length > MOST_TABLES) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `${paths.length} files would become ${paths.length} tables; at most ${MOST_TABLES} are made by one copy.`,
      where: copy.from.join(' '),
      remedy: 'name one table for all of them with --table <name>, or copy fewer files',
    });
  }
  const taken = new Map<string, string>();
  return paths.map((path) => {
    const table = tableName(stemOf(path));
    const other = taken.get(table);
    if (other !== undefined) {
      throw new AcequiaError('DefinitionInvalid', {
        what: `Two files would both become the table "${table}".`,
        where: `${other} and ${path}`,
        remedy: `copy them one by one with --table <name>, or both into one table with --table ${table}`,
      });
    }
    taken.set(table, path);
    return sourceOf(copy, table, path);
  });
}

function withCorrections(source: SourcePlan, { corrections }: RunOptions): SourcePlan {
  const files = corrections?.[source.name];
  return files === undefined ? source : { ...source, corrections: files.map(({ path }) => path) };
}

function sourceOf(copy: CopyOptions, name: string, path: string): SourcePlan {
  const { format, encoding, dialect = {}, records, sheet, nested = 'tables', contract, declare } = copy;
  const { key, keepLatestBy } = copy;
  return {
    name,
    kind: format ?? 'files',
    path,
    columnOrder: 'files',
    columns: Object.entries(declare).map(([column, type]) => declaredColumn(format ?? 'files', column, type)),
    contract: contract ? everyBreach(contract) : COPY_CONTRACT,
    key,
    ...(keepLatestBy ? { keepLatestBy } : {}),
    failAbove: FAIL_ABOVE,
    ...(encoding ? { encoding } : {}),
    dialect,
    ...(records ? { records } : {}),
    ...(sheet ? { sheet } : {}),
    nested: { '*': nested },
  };
}

function declaredColumn(kind: SourcePlan['kind'], path: string, spec: string): SourceColumn {
  const { type, formats } = parseDeclaredType(spec);
  const parsed = parseColumnType(type);
  if (!parsed) {
    throw new AcequiaError('DefinitionInvalid', {
      what: `"${type}" is no type.`,
      where: `--declare ${path}=${spec}`,
      remedy:
        'use text, integer, decimal(12,2), double, boolean, date, timestamp or timestamptz, with ! where required',
    });
  }
  return { ...columnPlace(kind, path), ...parsed, formats };
}
