import { BIGQUERY_URL, parseBigQueryUrl, type BigQueryPlace } from '../../workflows/definition/bigquery-url.ts';
import type { ServerReference } from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

/**
 * The dataset that is meant, by a setting or as a URL.
 *
 * @param place what people call it
 * @param variables the settings of the worker
 * @throws AcequiaError `SettingMissing`, `DefinitionInvalid`
 */
export function bigQueryPlace(
  { setting, url }: Pick<ServerReference, 'setting' | 'url'>,
  place: string,
  variables: Readonly<Record<string, string | undefined>>,
): BigQueryPlace {
  const given = setting === undefined ? url : variables[setting];
  if (!given) {
    throw new AcequiaError('SettingMissing', {
      what: `Nothing says which dataset of BigQuery ${place} is.`,
      where: 'environment variables of the worker',
      remedy: `set ${setting ?? 'it'} to ${BIGQUERY_URL}, where the worker runs`,
    });
  }
  const found = parseBigQueryUrl(given);
  if (found) return found;
  throw new AcequiaError('DefinitionInvalid', {
    what: `${setting === undefined ? 'The address' : `The setting ${setting}`} names no dataset of BigQuery.`,
    where: 'environment variables of the worker',
    remedy: `write it as ${BIGQUERY_URL}; credentials are not part of it`,
  });
}
