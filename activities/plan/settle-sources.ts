import { isBigQueryUrl } from '../../workflows/definition/bigquery-url.ts';
import {
  isOfDatabase,
  type PipelineDefinition,
  type PlaceBySetting,
  type RunOptions,
  type SourceDefinition,
  type WrittenPipeline,
  type WrittenDestination,
} from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { isWholePlace, wholePlace } from '../files/source-place.ts';
import { inBigQuery } from './source-in-bigquery.ts';

type Settled = PipelineDefinition<WrittenDestination>;

/**
 * A definition with every place of files that depends on a setting decided. What a run says itself goes before settings. An
 * inbox that no file lies in is none: nobody has to name it. Throws `SettingMissing`.
 */
export function settleSources(
  { inbox, ...definition }: WrittenPipeline,
  pipeline: string,
  options: Pick<RunOptions, 'inbox' | 'sample'>,
  variables: Readonly<Record<string, string | undefined>>,
): Settled {
  const settled = Object.entries(definition.sources).map(([name, source]): [string, SourceDefinition] => {
    if (isOfDatabase(source) || typeof source.path === 'string') return [name, source as SourceDefinition];
    const where = `${pipeline}, source ${name}`;
    const path = placeOf(source.path, where, options, variables);
    return [
      name,
      isBigQueryUrl(path) ? inBigQuery({ ...source, path }, source.path.setting, where) : { ...source, path },
    ];
  });
  const isUsed = settled.some(([, source]) => !isOfDatabase(source) && !isWholePlace(source.path));
  return { ...definition, ...(isUsed && inbox ? { inbox } : {}), sources: Object.fromEntries(settled) };
}

function placeOf(
  { setting, otherwise }: PlaceBySetting,
  where: string,
  options: Pick<RunOptions, 'inbox' | 'sample'>,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  const isAsked = options.inbox !== undefined || options.sample !== undefined;
  if (isAsked && otherwise !== undefined) return otherwise;
  const given = variables[setting] || undefined;
  if (given !== undefined) return isBigQueryUrl(given) ? given : wholePlace(given);
  if (otherwise !== undefined) return otherwise;
  throw new AcequiaError('SettingMissing', {
    what: `Nothing says where the files lie: the setting ${setting} is not set.`,
    where,
    remedy: `set ${setting} to a file, a folder or a glob, or to a place in a bucket: s3://bucket/folder/*.csv, or to bigquery://project/dataset/table`,
  });
}
