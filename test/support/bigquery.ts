import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bigQueryEmulator } from '../../infra/setup/inventory.mjs';
import { freePort } from './free-port.ts';
import { startServer } from './server-process.ts';

export const PROJECT = 'acequia-test';

/** An emulator of BigQuery, for the tests of one file. */
export interface BigQueryServer {
  readonly url: string;
  /** What the client has to find in its settings. */
  readonly environment: Readonly<Record<string, string>>;
  /** Makes an empty dataset. Returns its URL: `bigquery://project/dataset`. */
  makeDataset(name: string): Promise<string>;
  /** Asks the API itself; `path` begins behind the project. Fails where the answer is an error. */
  ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Runs statements, as whoever else works there would. Returns the rows of the last one: values as the API has them. */
  tell(sql: string): Promise<(string | null)[][]>;
}

/** Starts bqemulator. It is not BigQuery: docs/guarantees.md says where it differs. To be called while a test file is loaded. */
export async function startBigQuery(): Promise<BigQueryServer> {
  const found = bigQueryEmulator();
  // What stands on PATH may itself look into HOME.
  const python = found && execFileSync(found.path, ['-c', 'import sys; print(sys.executable)']).toString().trim();
  const grpcPort = await freePort();
  const { url } = await startServer(python, (port, folder) => {
    mkdirSync(join(folder, 'gcs'));
    return {
      args: [
        '-m',
        'bqemulator',
        'start',
        '--rest-port',
        String(port),
        '--grpc-port',
        String(grpcPort),
        '--log-level',
        'error',
      ],
      env: {
        HOME: found?.home,
        PYTHONPATH: found?.packages,
        BQEMU_GCS_LOCAL_ROOT: join(folder, 'gcs'),
        BQEMU_UPLOAD_STAGING_DIR: folder,
        BQEMU_ENABLE_FORMAT_EXTENSIONS: 'false',
      },
    };
  });
  const ask: BigQueryServer['ask'] = async <Answer>(method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}/bigquery/v2/projects/${PROJECT}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  };
  return {
    url,
    environment: { BIGQUERY_EMULATOR_HOST: url },
    makeDataset: async (name) => {
      await ask('POST', '/datasets', { datasetReference: { projectId: PROJECT, datasetId: name }, location: 'EU' });
      return `bigquery://${PROJECT}/${name}`;
    },
    ask,
    tell: async (query) => {
      const { rows = [] } = await ask<{ rows?: { f: { v: string | null }[] }[] }>('POST', '/queries', {
        query,
        useLegacySql: false,
        formatOptions: { useInt64Timestamp: true },
      });
      return rows.map(({ f }) => f.map(({ v }) => v));
    },
  };
}
