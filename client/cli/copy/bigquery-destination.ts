import {
  BIGQUERY_URL,
  bigQueryName,
  bigQueryReference,
  isBigQueryPlace,
} from '../../../workflows/definition/bigquery-url.ts';
import type { DestinationPlace } from '../../../workflows/definition/index.ts';
import { usageError } from '../command-error.ts';

const SCHEME = /^bigquery:/i;

/** Whether a destination is a dataset of BigQuery, by what it begins with. */
export function isBigQuery(written: string): boolean {
  return SCHEME.test(written);
}

/**
 * `bigquery://project/dataset` or `bigquery:WAREHOUSE_DATASET`. Nothing is looked up: the worker that does it may know other
 * settings.
 *
 * @throws CommandError (exit 2)
 */
export function parseBigQuery(address: string): DestinationPlace {
  const place = address.startsWith('bigquery://') ? address : address.replace(SCHEME, '');
  if (!isBigQueryPlace(place)) {
    throw usageError(
      `"${address}" names no dataset of BigQuery.`,
      `write ${BIGQUERY_URL}, or name the setting that holds such a URL: bigquery:WAREHOUSE_DATASET`,
    );
  }
  return { kind: 'bigquery', path: bigQueryName(place), server: bigQueryReference(place) };
}
