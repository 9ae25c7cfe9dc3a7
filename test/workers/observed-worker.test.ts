import { NativeConnection, Worker } from '@temporalio/worker';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { METRICS } from '../../activities/worker-metrics.ts';
import { runStage } from '../../activities/run-stage.ts';
import { embeddedDatabases } from '../../infra/postgres/embedded-databases.ts';
import { resolveEnvironment } from '../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../workflows/receipt.ts';
import type { RunResult } from '../../workflows/run-request.ts';
import type { Stages } from '../../workflows/stages.ts';
import { workflowBundle } from '../../workers/bundle-workflows.ts';
import { activitySettings } from '../../workers/config.ts';
import type { ActivityEvent } from '../../workers/events/activity-event.ts';
import { activityEvents } from '../../workers/events/activity-events.ts';
import { installRuntime } from '../../workers/runtime.ts';
import { startWorker, type RunningWorker } from '../../workers/worker.ts';
import { isolated } from '../support/command.ts';
import { startDevServer, type DevServer } from '../support/dev-server.ts';
import { exampleStages, EXAMPLE_PLAN, ingested } from '../support/example-run.ts';
import { freePort } from '../support/free-port.ts';
import { eventSchema } from './events/event-schema.ts';

/** A worker, watched by its event log and its metrics. */

let home: string;
let server: DevServer;
let worker: RunningWorker;
let metrics: string;
const said: string[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'acequia-observed-'));
  server = await startDevServer(home);
  await refusesTakenPort();
  const port = await freePort();
  metrics = `http://127.0.0.1:${port}/metrics`;
  const settings = { ACEQUIA_EVENTS: 'both', ACEQUIA_METRICS: String(port) };
  const environment = resolveEnvironment('dev', { ...isolated(home), ...settings });
  const databases = embeddedDatabases(environment.folder);
  worker = await startWorker({
    address: server.address,
    namespace: 'default',
    taskQueue: environment.temporal.taskQueue,
    environment: 'dev',
    logFile: join(home, 'worker.log'),
    activities: activitySettings(environment, {}, () => undefined, databases),
    release: () => databases.release(),
    log: () => undefined,
    events: environment.events,
    metrics: environment.metrics ?? '',
    say: (line) => void said.push(line),
  });
});
afterAll(async () => {
  await worker.stop();
  await server.close();
  await rm(home, { recursive: true, force: true });
});

/** Before there is any runtime in this process. */
async function refusesTakenPort(): Promise<void> {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  expect(() => installRuntime(() => undefined, `127.0.0.1:${port}`)).toThrow(
    expect.objectContaining({
      type: 'DefinitionInvalid',
      what: expect.stringContaining(`Another program listens on 127.0.0.1:${port}`) as string,
    }) as Error,
  );
  taken.close();
}

test('each line of the event log of a run fits its schema, and its counts are those of the receipt', async () => {
  const handle = await server.client.workflow.start('runPipeline', {
    workflowId: 'sales-dev',
    taskQueue: 'acequia-dev',
    args: [{ pipeline: 'sales', environment: 'dev', options: {} }],
  });
  const result = (await handle.result()) as RunResult;
  const receipt = JSON.parse(await readFile(fileURLToPath(result.receipt), 'utf8')) as Receipt;
  const lines = (await readFile(join(home, 'dev', 'logs', 'events.jsonl'), 'utf8')).trimEnd().split('\n');
  expect(said).toEqual(lines);
  const events = lines.map((line) => eventSchema.parse(JSON.parse(line)));
  const told = (event: string): string[] =>
    events.filter((one) => one.event === event).map(({ activityId }) => activityId);
  expect(told('started').sort()).toEqual(told('completed').sort());
  expect(told('completed')).toEqual(expect.arrayContaining(['plan', 'ingest ventas', 'publish empresa.db', 'receipt']));
  expect(new Set(events.map(({ runId }) => runId))).toEqual(new Set([handle.firstExecutionRunId]));
  const [published] = events.filter((one) => one.event === 'completed' && one.activity === 'publish');
  const rows = receipt.tables.reduce((sum, table) => sum + table.rows, 0);
  expect(published).toMatchObject({ rows });
});

/** Runs the workflow over stages of the test, through the interceptor and `runStage`. */
async function watched(stages: Partial<Stages>): Promise<{ events: ActivityEvent[]; outcome: unknown }> {
  const events: ActivityEvent[] = [];
  const taskQueue = `watched-${Math.random()}`;
  const connection = await NativeConnection.connect({ address: server.address });
  const own = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: { codePath: await workflowBundle() },
    activities: { ...exampleStages(), ...stages },
    interceptors: { activity: [activityEvents('dev', (event) => void events.push(event))] },
  });
  const outcome: unknown = await own.runUntil(async () => {
    const ended: unknown = await server.client.workflow
      .execute('runPipeline', {
        taskQueue,
        workflowId: taskQueue,
        args: [{ pipeline: 'example', environment: 'dev', options: {} }],
      })
      .catch((error: unknown) => error);
    // A workflow that is cancelled does not wait for its activities.
    while (events.length % 2 > 0 || events.filter(({ event }) => event === 'started').length > events.length / 2)
      await pause(10);
    return ended;
  });
  await connection.close();
  return { events, outcome };
}

test('an attempt that fails is told with type, cause and remedy, and the next one by its number', async () => {
  let attempts = 0;
  const plan: Stages['plan'] = () =>
    runStage('plan', (work) => {
      work.report({ step: 'reading', rows: 7, bytes: 700 });
      work.report({ step: 'closing' });
      const cause = new TypeError("Could not convert string 'Ana' to INT32");
      const parts = { what: 'It is busy.', where: 'shop.db', remedy: 'wait', cause };
      return (attempts += 1) === 1
        ? Promise.reject(new AcequiaError('DestinationBusy', parts))
        : Promise.resolve(EXAMPLE_PLAN);
    });
  const { events, outcome } = await watched({ plan });
  expect(outcome).toMatchObject({ outcome: 'succeeded' });
  for (const event of events) eventSchema.parse(event);
  const [first, failed, second, completed] = events.filter(({ activity }) => activity === 'plan');
  expect(first).toMatchObject({ event: 'started', attempt: 1, workflow: 'runPipeline', environment: 'dev' });
  expect(failed).toMatchObject({
    ...{ event: 'failed', attempt: 1, rows: 7, bytes: 700 },
    failure: {
      ...{ type: 'DestinationBusy', class: 'AcequiaError', message: 'It is busy.', where: 'shop.db', remedy: 'wait' },
      retryable: true,
      causes: [{ class: 'TypeError', code: null, message: "Could not convert string '…' to INT…" }],
    },
  });
  expect(second).toMatchObject({ event: 'started', attempt: 2 });
  expect(completed).toMatchObject({ event: 'completed', attempt: 2, rows: 7, bytes: 700 });
});

test('an attempt that is cancelled is told as that', async () => {
  const cancel: { run?: () => Promise<unknown> } = {};
  const ingest: Stages['ingest'] = ({ run }) =>
    runStage('ingest', async (work) => {
      cancel.run = () => server.client.workflow.getHandle(run.workflowId).cancel();
      await cancel.run();
      return new Promise<never>((_, reject) => {
        work.signal.addEventListener('abort', () => reject(work.signal.reason as Error));
      });
    });
  const { events } = await watched({ ingest });
  // The second: the run is over before its activity hears of it.
  const reason = expect.stringMatching(/^(?:CANCELLED|NOT_FOUND)$/) as string;
  const ended = events.filter(({ activity, event }) => activity === 'ingest' && event !== 'started');
  expect(ended.map((event) => eventSchema.parse(event))).toMatchObject([
    { event: 'cancelled', reason },
    { event: 'cancelled', reason },
  ]);
});

test('what a stage counts is served to Prometheus under its very name', async () => {
  const { filesProcessed, filesFailed, recordsIngested, processingSeconds } = METRICS;
  const ingest: Stages['ingest'] = ({ source }) =>
    runStage('ingest', ({ metrics: meter }) => {
      const tags = { pipeline: 'payments', source: 's3' };
      meter?.count(filesProcessed, 1, tags);
      meter?.count(filesFailed, 2);
      meter?.count(recordsIngested, 1_000, tags);
      meter?.observe(processingSeconds, 0.75, tags);
      return Promise.resolve(ingested(source.name));
    });
  expect((await watched({ ingest })).outcome).toMatchObject({ outcome: 'succeeded' });
  const served = await (await fetch(metrics)).text();
  const valueOf = (series: RegExp): number[] =>
    [...served.matchAll(new RegExp(`^${series.source} (\\S+)$`, 'gm'))].map(([, value]) => Number(value));
  // Of two sources.
  expect(valueOf(/data_lake_files_processed_total\{.*pipeline="payments".*\}/)).toEqual([2]);
  expect(valueOf(/data_lake_files_failed_total\{.*\}/)).toEqual([4]);
  expect(valueOf(/data_lake_records_ingested_total\{.*source="s3".*\}/)).toEqual([2_000]);
  expect(valueOf(/data_lake_processing_seconds_sum\{.*\}/)).toEqual([1.5]);
  expect(valueOf(/data_lake_processing_seconds_bucket\{.*le="0\.5".*\}/)).toEqual([0]);
  expect(valueOf(/data_lake_processing_seconds_bucket\{.*le="1".*\}/)).toEqual([2]);
  expect(served).toMatch(/^temporal_/m);
});
