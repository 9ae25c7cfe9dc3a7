import type { WorkflowFailedError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { embeddedDatabases } from '../../infra/postgres/embedded-databases.ts';
import { resolveEnvironment } from '../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../workflows/receipt.ts';
import type { RunResult } from '../../workflows/run-request.ts';
import { activitySettings } from '../../workers/config.ts';
import { startWorker, type RunningWorker } from '../../workers/worker.ts';
import { isolated } from '../support/command.ts';
import { startDevServer, type DevServer } from '../support/dev-server.ts';
import { startMoto, useSettings } from '../support/object-servers.ts';
import { writePipeline } from '../support/pipeline-folder.ts';
import { askPostgres, startPostgres, tellPostgres, type PostgresServer } from '../support/postgres.ts';

/** A password by its keeper; nobody else may ever know it. */
const MARKERS = { aws: 'marker-of-aws-8f3a', file: 'marker-of-file-51c7', env: 'marker-of-env-d20e' };

/** A pipeline that reads one database and publishes to another, by the names of their settings. */
const pipeline = (from: string, to: string) => ({
  'pipeline.ts': `import { definePipeline, postgres, postgresTable } from 'acequia';
export default definePipeline({
  summary: 'Customers',
  sources: { customers: postgresTable('${from}', 'customers', { columns: { id: 'integer!', name: 'text!' } }) },
  models: { customers: { from: 'source.customers', key: ['id'], publish: [postgres('${to}', { schema: 'shop' })] } },
});`,
});

const moto = await startMoto();
const told: string[] = [];
let home: string;
let postgres: PostgresServer;
let server: DevServer;
let worker: RunningWorker;

beforeAll(async () => {
  useSettings(moto.environment);
  home = await mkdtemp(join(tmpdir(), 'acequia-secrets-'));
  [postgres, server] = await Promise.all([startPostgres(), startDevServer(home)]);
  const database = await postgres.database('shop');
  await tellPostgres(
    database,
    ...Object.entries(MARKERS).map(([name, password]) => `CREATE ROLE ${name} LOGIN SUPERUSER PASSWORD '${password}'`),
    "CREATE TABLE customers AS SELECT i AS id, 'name ' || i AS name FROM generate_series(1, 5) AS t(i)",
  );
  const urlOf = (user: keyof typeof MARKERS, password: string): string =>
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
  };

  await writePipeline(home, 'good', pipeline('BY_AWS', 'BY_FILE'));
  for (const setting of ['WRONG_PASSWORD', 'NO_URL', 'MISSING']) {
    await writePipeline(home, `to-${setting.toLowerCase()}`, pipeline('BY_FILE', setting));
    await writePipeline(home, `from-${setting.toLowerCase()}`, pipeline(setting, 'BY_AWS'));
  }
  const environment = resolveEnvironment('dev', isolated(home));
  const databases = embeddedDatabases(environment.folder);
  const settings = { ...environment, pipelinesFolder: join(home, 'pipelines') };
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
  afterAll(() => rm(file));
});
afterAll(async () => {
  await worker.stop();
  await server.close();
  await postgres.stop();
  await rm(home, { recursive: true, force: true });
});

/** Runs a pipeline, and gives its receipt and all of its history. */
async function run(name: string): Promise<{ receipt: Receipt; history: string }> {
  const handle = await server.client.workflow.start('runPipeline', {
    workflowId: `${name}-dev`,
    taskQueue: 'acequia-dev',
    args: [{ pipeline: name, environment: 'dev', options: {} }],
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
