/** A dataset of BigQuery, or a table of one. */
export interface BigQueryPlace {
  readonly project: string;
  readonly dataset: string;
  readonly table?: string;
}

/** As a place of BigQuery is written. */
export const BIGQUERY_URL = 'bigquery://project/dataset';

const SETTING = /^[A-Z][A-Z0-9_]*$/;

/** What leads to a place that is written as a URL, or as the name of a setting that holds one. */
export function bigQueryReference(place: string): { readonly setting: string } | { readonly url: string } {
  return SETTING.test(place) ? { setting: place } : { url: place };
}

/** What people call a place: `bigquery:WAREHOUSE`, or its URL. */
export function bigQueryName(place: string): string {
  return SETTING.test(place) ? `bigquery:${place}` : place;
}

/** Whether a text is meant to be a place of BigQuery, sound or not. */
export function isBigQueryUrl(text: string): boolean {
  return text.startsWith('bigquery:');
}

/** Whether it is the name of a setting, or a URL that names a dataset. */
export function isBigQueryPlace(place: string): boolean {
  return SETTING.test(place) || parseBigQueryUrl(place) !== undefined;
}

/** Reads `bigquery://project/dataset`, or `bigquery://project/dataset/table`; `undefined` where a text is neither. */
export function parseBigQueryUrl(text: string): BigQueryPlace | undefined {
  const parts = /^bigquery:\/\/([a-z][a-z0-9.:-]*)\/([A-Za-z0-9_]+)(?:\/([^/`\\?#]+))?\/?$/.exec(text);
  if (!parts) return undefined;
  const [, project = '', dataset = '', table] = parts;
  return { project, dataset, ...(table === undefined ? {} : { table }) };
}
