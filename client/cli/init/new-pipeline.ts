import { basename, dirname, extname, parse, sep } from 'node:path';
import { isObjectUrl } from '../../../activities/objects/object-url.ts';
import {
  nestedTableName,
  shareText,
  type CopyOptions,
  type DestinationDefinition,
  type Loading,
} from '../../../workflows/definition/index.ts';
import { bucketWord, isBucket } from '../copy/bucket-destination.ts';
import type { ToldSource } from '../runs/source-reports.ts';
import type { Literal } from './code.ts';
import { columnsOf, type ColumnPair } from './new-columns.ts';
import { kindOf, sourceOptions, type SourceKind } from './new-source.ts';

/** A pipeline that does again what a copy has done. */
export interface NewPipeline {
  readonly name: string;
  /** The setting that names the folder of the files. */
  readonly setting: string;
  /** That folder, as it was. */
  readonly inbox: string;
  readonly copy: CopyOptions;
  readonly sources: readonly NewSource[];
  readonly models: readonly NewModel[];
  readonly destination: DestinationDefinition;
  /** Fields that have no column of their own in it, and why. */
  readonly leftOut: readonly string[];
}

export interface NewSource {
  readonly name: string;
  readonly kind: SourceKind;
  /** Relative to the inbox. */
  readonly path: string;
  readonly options: { readonly [name: string]: Literal };
  readonly columns: { readonly [name: string]: Literal };
}

export interface NewModel {
  /** Also of its file. */
  readonly name: string;
  /** `source.<from>` */
  readonly from: string;
  readonly columns: readonly ColumnPair[];
  readonly key: readonly string[];
  /** Nobody named a key: a row is known by its place. */
  readonly byPlace: boolean;
  /** Rows of a list have none of the columns that the others are partitioned by. */
  readonly isList: boolean;
}

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** What a copy's receipt and reports say of it, as a pipeline. Pure. */
export function newPipeline(name: string, copy: CopyOptions, told: readonly ToldSource[]): NewPipeline {
  const inbox = commonFolder(told.map(({ source }) => source.uri));
  const made = told.map((one, index) => {
    const source = NAME.test(one.source.name) ? one.source.name : `source_${index + 1}`;
    return makeSource(source, one, copy, inbox);
  });
  const models = made.flatMap((one) => one.models);
  return {
    name,
    setting: `${settingPrefix(name)}_INBOX`,
    inbox,
    copy,
    sources: made.map(({ source }) => source),
    models,
    destination: destinationOf(name, copy, models.length),
    leftOut: made.flatMap(({ leftOut }) => leftOut),
  };
}

function makeSource(
  name: string,
  { source, report }: ToldSource,
  copy: CopyOptions,
  inbox: string,
): { source: NewSource; models: NewModel[]; leftOut: string[] } {
  const kind = kindOf(report.files.map(({ format }) => format));
  const tables = report.tables.map((table) => ({ table, ...columnsOf(table, kind, copy) }));
  const records = tables[0]?.pairs.map(({ column }) => column) ?? [];
  const key = copy.key.length > 0 && copy.key.every((column) => records.includes(column)) ? copy.key : [];
  const models = tables.map(({ table: { list }, pairs }): NewModel => {
    const from = nestedTableName(name, list);
    const place = placeOf(list, kind, tables.length > 1);
    const byPlace = list !== '' || key.length === 0;
    return { name: from, from, columns: pairs, key: byPlace ? place : key, byPlace, isList: list !== '' };
  });
  const columns = Object.assign({}, ...tables.map(({ specs }) => specs)) as Record<string, Literal>;
  for (const column of key) columns[column] = required(columns[column] ?? 'text');
  return {
    source: {
      name,
      kind,
      path: relativePath(inbox, source.uri),
      options: sourceOptions(kind, copy, key, report.files, source),
      columns,
    },
    models: models.filter((model) => model.columns.length > 0),
    leftOut: tables.flatMap(({ clashes }) => clashes.map((field) => `${name}: ${field}`)),
  };
}

/** What a row without a key is known by: its place in the file, by the name that the rows of its lists know it by. */
function placeOf(list: string, kind: NewSource['kind'], hasLists: boolean): readonly string[] {
  if (list !== '') return ['_parent', '_position'];
  if (hasLists) return ['_row'];
  return ['_file', kind === 'csv' || kind === 'excel' || kind === 'parquet' ? '_line' : '_offset'];
}

/** A key's value may never be missing. */
function required(spec: Literal): Literal {
  if (typeof spec === 'string') return spec.endsWith('!') ? spec : `${spec}!`;
  if (typeof spec === 'object' && 'type' in spec && typeof spec.type === 'string') {
    return { ...spec, type: required(spec.type) };
  }
  return spec;
}

/** In a pipeline a path stands below its output folder, and a database is known by the setting that leads to it. */
function destinationOf(
  name: string,
  { to, mode, missing, vanishAtMost, partitionBy, contract }: CopyOptions,
  tables: number,
): DestinationDefinition {
  const { kind, path, server } = to;
  const loading: Loading = {
    ...(mode === 'replace' ? {} : { mode }),
    ...(missing ? { missing } : {}),
    ...(vanishAtMost === undefined ? {} : { vanishAtMost: shareText(vanishAtMost) }),
    ...(contract === 'freeze' ? { structure: 'freeze' } : {}),
  };
  const partitioned = partitionBy ? { partitionBy } : {};
  const setting = server?.setting ?? `${settingPrefix(name)}_DATABASE_URL`;
  if (kind === 'postgres') return { kind, setting, ...(server?.schema ? { schema: server.schema } : {}), ...loading };
  if (kind === 'bigquery') return { kind, place: server?.setting ?? server?.url ?? path, ...loading };
  if (isBucket(path)) return { kind: 'parquet', path: bucketWord(path), ...loading, ...partitioned };
  const file = basename(path);
  if (kind === 'ducklake') return { kind, path: file, ...(server ? { setting } : {}), ...loading, ...partitioned };
  const folder = file.slice(0, file.length - extname(file).length);
  const one = kind !== 'parquet' || tables === 1 || !path.endsWith('.parquet');
  return { kind, path: one ? file : folder, ...loading, ...partitioned };
}

function settingPrefix(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

/** The folder, or the prefix of a bucket, that all of them lie in; empty where there is none, and each place stays whole. */
function commonFolder(paths: readonly string[]): string {
  const [first = sep, ...others] = paths.map(fixedFolder);
  return others.reduce((common, folder) => {
    let shared = common;
    while (folder !== shared && !folder.startsWith(shared.endsWith(sep) ? shared : shared + sep)) {
      const above = dirname(shared);
      if (above === shared || isObjectUrl(shared) !== isObjectUrl(above)) return '';
      shared = above;
    }
    return shared;
  }, first);
}

/** The folder of a file or folder; of a glob, the one before its first part that stands for others. */
function fixedFolder(path: string): string {
  const { root } = parse(path);
  const parts = path.slice(root.length).split(sep);
  const magic = parts.findIndex((part) => /[*?[\]{}()!]/.test(part));
  return root + parts.slice(0, magic < 0 ? parts.length - 1 : Math.min(magic, parts.length - 1)).join(sep);
}

function relativePath(folder: string, path: string): string {
  if (folder === '') return path;
  const below = path.slice(folder.endsWith(sep) ? folder.length : folder.length + 1);
  return below === '' ? '.' : below.split(sep).join('/');
}
