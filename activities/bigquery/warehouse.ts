import { BigQuery, type BigQueryOptions, type Table } from '@google-cloud/bigquery';
import type { BigQueryPlace } from '../../workflows/definition/bigquery-url.ts';

/** A dataset of BigQuery, and a client for it. */
export interface Warehouse extends Pick<BigQueryPlace, 'project' | 'dataset'> {
  /** Where the dataset's bytes are: jobs run there, and are found there. */
  readonly location: string;
  /** Asks the API. `path` begins behind the project: `/datasets/shop`. Error: that of the API, as it is. */
  readonly ask: <Answer>(path: string, question?: Question) => Promise<Answer>;
  /** A table, for what only the client itself can do: upload a file. */
  readonly tableNamed: (name: string) => Table;
}

interface Question {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
}

/** Tries of one request that meets a limit or a server that is down, and the longest that they may take, seconds. */
const RETRIES = { autoRetry: true, maxRetries: 3, maxRetryDelay: 4, totalTimeout: 30 };

/**
 * Opens a dataset. Credentials are found by the client's own chain: `GOOGLE_APPLICATION_CREDENTIALS`, the machine's own
 * identity. Error: that of the API where the dataset is not there or not to be read.
 *
 * @param variables the settings of the worker; `BIGQUERY_EMULATOR_HOST` names an emulator, which is asked without credentials
 */
export async function openWarehouse(
  place: BigQueryPlace,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Warehouse> {
  const client = clientFor(place.project, variables['BIGQUERY_EMULATOR_HOST']);
  const ask: Warehouse['ask'] = <Answer>(path: string, { method = 'GET', query, body }: Question = {}) =>
    new Promise<Answer>((resolve, reject) => {
      client.request(
        { method, uri: path, ...(query ? { qs: query } : {}), ...(body === undefined ? {} : { json: body }) },
        (error: Error | null, answer: unknown) => {
          if (error) reject(error);
          else resolve(answer as Answer);
        },
      );
    });
  const { location } = await ask<{ location: string }>(`/datasets/${place.dataset}`);
  return { ...place, location, ask, tableNamed: (name) => client.dataset(place.dataset, { location }).table(name) };
}

/** An emulator asks for no credentials; without any, the client would look for those of the machine. */
const NOBODY = {
  getRequestHeaders: () => Promise.resolve(new Headers({ authorization: 'Bearer emulator' })),
} as unknown as NonNullable<BigQueryOptions['authClient']>;

function clientFor(projectId: string, emulator: string | undefined): BigQuery {
  if (!emulator) return new BigQuery({ projectId, retryOptions: RETRIES });
  const apiEndpoint = /^https?:\/\//.test(emulator) ? emulator.replace(/\/+$/, '') : `http://${emulator}`;
  const client = new BigQuery({ projectId, apiEndpoint, authClient: NOBODY, retryOptions: RETRIES });
  // The client takes the variable as it is for the whole path, where it finds it in its own environment.
  client.baseUrl = `${apiEndpoint}/bigquery/v2`;
  return client;
}
