import type { WorkflowFailedError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openObjects } from '../../activities/objects/open-objects.ts';
import { embeddedDatabases } from '../../infra/postgres/embedded-databases.ts';
import { resolveEnvironment } from '../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../workflows/receipt.ts';
import type { RunResult } from '../../workflows/run-request.ts';
import { activitySettings } from '../../workers/config.ts';
import { startWorker, type RunningWorker } from '../../workers/worker.ts';
import { isolated } from '../support/command.ts';
import { startDevServer, type DevServer } from '../support/dev-server.ts';
import { startFakeModel } from '../support/fake-model.ts';
import { startMoto, startS3, useSettings } from '../support/object-servers.ts';
import { writePipeline } from '../support/pipeline-folder.ts';
import { askPostgres, startPostgres, tellPostgres, type PostgresServer } from '../support/postgres.ts';

/** A password by its keeper; nobody else may ever know it. */
const PASSWORDS = { aws: 'marker-of-aws-8f3a', file: 'marker-of-file-51c7', env: 'marker-of-env-d20e' };
const [moto, s3, model] = await Promise.all([startMoto(), startS3(), startFakeModel([{ status: 401 }])]);
/** All that may be planted anywhere. */
const MARKERS = {
  ...PASSWORDS,
  s3: s3.environment.AWS_SECRET_ACCESS_KEY!,
  wrongS3: 'marker-of-s3-77b0',
  session: 'marker-of-session-0c4d',
  google: 'marker-of-google-e519',
  model: 'marker-of-model-2ab6',
};

/** A pipeline that reads one database and publishes to another, by the names of their settings. */
const pipeline = (from: string, to: string) => ({
  'pipeline.ts': `import { definePipeline, postgres, postgresTable } from 'acequia';
export default definePipeline({
  summary: 'Customers',
  sources: { customers: postgresTable('${from}', 'customers', { columns: { id: 'integer!', name: 'text!' } }) },
  models: { customers: { from: 'source.customers', key: ['id'], publish: [postgres('${to}', { schema: 'shop' })] } },
});`,
});

/** One that has files in a bucket, and one that goes to BigQuery. */
const fromBucket = (url: string) => ({
  'pipeline.ts': `import { csv, definePipeline, duckdb } from 'acequia';
export default definePipeline({
  summary: 'Files of a bucket',
  sources: { files: csv('${url}', { columns: { id: 'integer!' } }) },
  models: { files: { from: 'source.files', key: ['id'], publish: [duckdb('files.duckdb')] } },
});`,
});
const toBigquery = {
  'pipeline.ts': `import { bigquery, definePipeline, postgresTable } from 'acequia';
export default definePipeline({
  summary: 'Customers',
  sources: { customers: postgresTable('BY_AWS', 'customers', { columns: { id: 'integer!', name: 'text!' } }) },
  models: { customers: { from: 'source.customers', key: ['id'], publish: [bigquery('WAREHOUSE')] } },
});`,
};
/** Two records, one of a shape that nobody knows: the model is asked for it. */
const EVENTS = '{"id":"tx_1","amount":100.50,"status":"approved"}\n{"betrag":"7","zustand":"gut","nummer":"8"}\n';

const told: string[] = [];
let home: string;
let postgres: PostgresServer;
let server: DevServer;
let worker: RunningWorker;

beforeAll(async () => {
  const keyFile = join(tmpdir(), `${Math.random()}.key.json`);
  const privateKey = `-----BEGIN PRIVATE KEY-----\n${MARKERS.google}\n-----END PRIVATE KEY-----\n`;
  const key = { type: 'service_account', client_email: 'a@b.example', private_key: privateKey };
  await writeFile(keyFile, JSON.stringify(key), { mode: 0o600 });
  useSettings({ ...moto.environment, ...s3.environment, GOOGLE_APPLICATION_CREDENTIALS: keyFile });
  home = await mkdtemp(join(tmpdir(), 'acequia-secrets-'));
  [postgres, server] = await Promise.all([startPostgres(), startDevServer(home)]);
  const database = await postgres.database('shop');
  await tellPostgres(
    database,
    ...Object.entries(PASSWORDS).map(
      ([name, password]) => `CREATE ROLE ${name} LOGIN SUPERUSER PASSWORD '${password}'`,
    ),
    "CREATE TABLE customers AS SELECT i AS id, 'name ' || i AS name FROM generate_series(1, 5) AS t(i)",
  );
  const urlOf = (user: keyof typeof PASSWORDS, password: string): string =>
    `postgresql://${user}:${password}@127.0.0.1:${postgres.port}/shop`;

  const file = join(home, '..', `${Math.random()}.secret`);
  await writeFile(file, `${urlOf('file', MARKERS.file)}\n`, { mode: 0o600 });
  const client = new SecretsManagerClient({});
  const SecretString = JSON.stringify({ url: urlOf('aws', MARKERS.aws) });
  await client.send(new CreateSecretCommand({ Name: 'prod/shop', SecretString }));
  client.destroy();
  const variables = {
    BY_FILE: `secret://file${file}`,
    BY_AWS: 'secret://aws/prod/shop#url',
    WRONG_PASSWORD: 'secret://env/WRONG',
    WRONG: urlOf('aws', MARKERS.env),
    NO_URL: 'secret://env/TEXT',
    TEXT: MARKERS.env,
    MISSING: 'secret://aws/prod/none#url',
    DATALAKE_DATABASE_URL: `secret://file${file}`,
    DATABASE_URL: 'secret://aws/prod/shop#url',
    S3_BUCKET_NAME: 'raw',
    ACEQUIA_MODEL_KEY: 'secret://env/MODEL_KEY',
    MODEL_KEY: MARKERS.model,
    WAREHOUSE: 'bigquery://project/dataset',
  };
  await tellPostgres(database, await readFile('pipelines/payments/sample/datalake.sql', 'utf8'));
  await s3.makeBucket('raw');
  const events = join(home, 'events.jsonl');
  await writeFile(events, EVENTS);
  const { store } = await openObjects('s3://raw/');
  await store.upload(events, 'events.jsonl', { signal: new AbortController().signal, onBytes: () => undefined });
  store.close();

  await writePipeline(home, 'events', {
    'pipeline.ts': (await readFile('pipelines/payments/pipeline.ts', 'utf8')).replace(
      /'[^']*workflows\/definition\/index.ts'/,
      "'acequia'",
    ),
  });
  await cp('pipelines/payments/mappings', join(home, 'pipelines', 'events', 'mappings'), { recursive: true });
  await writePipeline(home, 'from-s3', fromBucket('s3://raw/*.csv'));
  await writePipeline(home, 'from-gcs', fromBucket('gs://raw/*.csv'));
  await writePipeline(home, 'to-bigquery', toBigquery);

  await writePipeline(home, 'good', pipeline('BY_AWS', 'BY_FILE'));
  for (const setting of ['WRONG_PASSWORD', 'NO_URL', 'MISSING']) {
    await writePipeline(home, `to-${setting.toLowerCase()}`, pipeline('BY_FILE', setting));
    await writePipeline(home, `from-${setting.toLowerCase()}`, pipeline(setting, 'BY_AWS'));
  }
  const environment = resolveEnvironment('dev', isolated(home));
  const databases = embeddedDatabases(environment.folder);
  const settings = {
    ...environment,
    pipelinesFolder: join(home, 'pipelines'),
    model: { url: model.url, name: 'model' },
  };
  worker = await startWorker({
    address: server.address,
    namespace: 'default',
    taskQueue: settings.temporal.taskQueue,
    environment: 'dev',
    logFile: join(environment.folder, 'logs', 'worker.log'),
    activities: activitySettings(settings, variables, (alert) => void told.push(JSON.stringify(alert)), databases),
    release: () => databases.release(),
    events: settings.events,
    say: (line) => void told.push(line),
    log: (entry) => void told.push(inspect(entry, { depth: 9 })),
  });
  afterAll(() => Promise.all([file, keyFile].map((path) => rm(path))));
});
afterAll(async () => {
  await worker.stop();
  await model.stop();
  await server.close();
  await postgres.stop();
  await rm(home, { recursive: true, force: true });
});

/** Runs a pipeline, and gives its receipt and all of its history. */
async function run(name: string): Promise<{ receipt: Receipt; history: string }> {
  const handle = await server.client.workflow.start('runPipeline', {
    workflowId: `${name}-dev`,
    taskQueue: 'acequia-dev',
    args: [{ pipeline: name, environment: 'dev', options: { once: true } }],
  });
  const { receipt } = (await handle.result().catch(resultOfFailed)) as RunResult;
  const { events } = await handle.fetchHistory();
  return {
    receipt: JSON.parse(await readFile(fileURLToPath(receipt), 'utf8')) as Receipt,
    history: textsIn(events).join('\n'),
  };
}

function resultOfFailed(error: unknown): unknown {
  const { details } = (error as WorkflowFailedError).cause as ApplicationFailure;
  return details?.[0];
}

/** All that is told anywhere in an object, payloads decoded. */
function textsIn(value: unknown): string[] {
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [String(value)];
}

function expectNoMarker(text: string): void {
  for (const marker of Object.values(MARKERS)) expect(text).not.toContain(marker);
}

test('a run whose databases are named by secrets publishes every row, and its history names the settings only', async () => {
  const { receipt, history } = await run('good');
  expect(receipt.run.outcome).toBe('succeeded');
  expect(await askPostgres(await adminUrl(), 'SELECT count(*)::int AS n FROM shop.customers')).toEqual([{ n: 5 }]);
  expect(history).toContain('BY_AWS');
  expectNoMarker(history);
});

test('a drain of a database and of a bucket, which asks a model: none of the keys is told', async () => {
  const { receipt, history } = await run('events');
  expect(receipt).toMatchObject({ accounted: true, error: null });
  expect(receipt.sources.map(({ name }) => name)).toEqual(['raw_transactions', 'raw_files']);
  expect(model.authorizations).toContain(`Bearer ${MARKERS.model}`);
  expect(history + told.join()).toContain('ACEQUIA_MODEL_KEY');
  expectNoMarker(history + JSON.stringify(receipt));
});

test.each([
  ['from-s3', { AWS_SECRET_ACCESS_KEY: MARKERS.wrongS3, AWS_SESSION_TOKEN: MARKERS.session }, 'BucketDenied'],
  ['from-gcs', {}, 'BucketDenied'],
  ['to-bigquery', {}, 'DestinationDenied'],
])('the run %s with a key that is not accepted fails at once', async (name, keys, type) => {
  for (const [key, value] of Object.entries(keys)) vi.stubEnv(key, value);
  const { receipt, history } = await run(name);
  for (const key of Object.keys(keys)) vi.stubEnv(key, s3.environment[key]);
  expect(receipt.run.outcome).toBe('failed');
  expect(history).toContain(type);
  expectNoMarker(history + JSON.stringify(receipt));
});

test.each([
  ['to-wrong_password', 'DestinationDenied'],
  ['to-no_url', 'DefinitionInvalid'],
  ['to-missing', 'SecretMissing'],
  ['from-wrong_password', 'SourceDenied'],
  ['from-no_url', 'DefinitionInvalid'],
  ['from-missing', 'SecretMissing'],
])('the run %s fails with %s at once', async (name, type) => {
  const { receipt, history } = await run(name);
  expect(receipt.run.outcome).toBe('failed');
  expect(history).toContain(type);
  if (type === 'SecretMissing') expect(history).toContain('secret://aws/prod/none#url');
  expectNoMarker(history);
});

test('no file that the runs left behind holds a secret: lake, receipts, logs, the database of Temporal', async () => {
  const names = await readdir(home, { recursive: true, withFileTypes: true });
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  const contents = await Promise.all(files.map((path) => readFile(path, 'latin1')));
  // What is known to be in a history is found there: so would a marker be.
  expect(files.filter((_, index) => contents[index]?.includes('secret://aws/prod/none#url')).join()).toContain(
    'temporal',
  );
  for (const content of [...contents, ...told]) expectNoMarker(content);
  expect(told.join()).toContain('SecretMissing');
});

const adminUrl = (): Promise<string> => Promise.resolve(postgres.administration().replace(/\/postgres$/, '/shop'));
