import { ABILITIES, type DestinationByPlace, type DestinationDefinition } from '../../workflows/definition/index.ts';
import { BIGQUERY_URL, parseBigQueryUrl } from '../../workflows/definition/bigquery-url.ts';
import { bucketPlaceProblem } from '../../workflows/definition/bucket-place.ts';
import { closest } from '../../workflows/definition/closest.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

interface Asked {
  readonly setting: string;
  /** As the setting has it, without slashes at its end. */
  readonly place: string;
  readonly loading: DestinationByPlace['loading'];
}

/** What a place leads to, by what stands before its `:`; a path has nothing there. */
const SCHEMES: Readonly<Record<string, (asked: Asked) => DestinationDefinition>> = {
  '': parquetAt,
  s3: parquetInBucket,
  gs: parquetInBucket,
  bigquery: datasetAt,
};

/**
 * The destination that a setting's value leads to. The value stands in no message: of a kind that is not known here it may
 * hold a password. Throws `DefinitionInvalid`.
 *
 * @param value a folder, relative ones below the pipeline's output folder; `s3://bucket/prefix/`; `gs://bucket/prefix/`
 */
export function placedDestination({ setting, loading }: DestinationByPlace, value: string): DestinationDefinition {
  const [, scheme = ''] = /^([a-z][a-z0-9+.-]+):/i.exec(value) ?? [];
  const lead = SCHEMES[scheme.toLowerCase()];
  if (lead) return lead({ setting, place: value.replace(/(?<=.)\/+$/, ''), loading });
  const known = Object.keys(SCHEMES).filter((name) => name !== '');
  throw notAPlace(
    setting,
    `${setting} begins with "${scheme}:", and nothing can be published there.${closest(scheme, known)}`,
  );
}

function parquetAt({ setting, place, loading }: Asked): DestinationDefinition {
  if (!place.split(/[\\/]/).includes('..')) return { kind: 'parquet', path: place, ...loading };
  throw notAPlace(setting, `${setting} climbs out of a folder by "..".`);
}

function parquetInBucket({ setting, place, loading }: Asked): DestinationDefinition {
  const problem = bucketPlaceProblem(place);
  if (problem === undefined) return { kind: 'parquet', path: place, ...loading };
  throw notAPlace(setting, `${setting}=${place} is no place in a bucket: ${problem}.`);
}

/** A dataset has no folders: how Parquet would be partitioned says nothing there. */
function datasetAt({ setting, place, loading: { partitionBy: _, ...loading } }: Asked): DestinationDefinition {
  const { modes } = ABILITIES.bigquery;
  const { mode = 'replace' } = loading;
  if (!modes.includes(mode))
    throw notAPlace(setting, `${setting} leads to BigQuery, which takes ${modes.join(', ')}, and not ${mode}.`);
  if (parseBigQueryUrl(place) !== undefined && parseBigQueryUrl(place)?.table === undefined)
    return { kind: 'bigquery', place, ...loading };
  throw notAPlace(setting, `${setting} names no dataset of BigQuery.`);
}

function notAPlace(setting: string, what: string): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what,
    where: 'environment variables of the worker',
    remedy: `set ${setting} to a folder, to s3://bucket/folder/ or gs://bucket/folder/, or to ${BIGQUERY_URL}`,
  });
}
