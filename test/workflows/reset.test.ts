import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { embeddedDatabases } from '../../infra/postgres/embedded-databases.ts';
import { resolveEnvironment } from '../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../workflows/receipt.ts';
import type { RunResult } from '../../workflows/run-request.ts';
import { activitySettings } from '../../workers/config.ts';
import { startWorker, type RunningWorker } from '../../workers/worker.ts';
import { isolated } from '../support/command.ts';
import { startDevServer, type DevServer } from '../support/dev-server.ts';

const WORKFLOW = { workflowId: 'sales-dev', namespace: 'default' };

let home: string;
let server: DevServer;
let worker: RunningWorker;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'acequia-reset-'));
  server = await startDevServer(home);
  const settings = resolveEnvironment('dev', isolated(home));
  const databases = embeddedDatabases(settings.folder);
  worker = await startWorker({
    address: server.address,
    namespace: WORKFLOW.namespace,
    taskQueue: settings.temporal.taskQueue,
    environment: 'dev',
    logFile: join(home, 'worker.log'),
    activities: activitySettings(settings, {}, () => undefined, databases),
    release: () => databases.release(),
    log: () => undefined,
    say: () => undefined,
  });
});
afterAll(async () => {
  await worker.stop();
  await server.close();
  await rm(home, { recursive: true, force: true });
});

test('a run reset to any of its stages ends with the same account and leaves the same bytes', async () => {
  const { client } = server;
  const request = { pipeline: 'sales', environment: 'dev', options: {} };
  const handle = await client.workflow.start('runPipeline', {
    workflowId: WORKFLOW.workflowId,
    taskQueue: 'acequia-dev',
    args: [request],
  });
  const first = await accountOf((await handle.result()) as RunResult);
  const bytes = await readFile(join(home, 'dev', 'out', 'sales', 'empresa.db'));
  const { events } = await client.workflow.getHandle(WORKFLOW.workflowId, handle.firstExecutionRunId).fetchHistory();
  const decisions = (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes, eventId }) =>
    workflowTaskCompletedEventAttributes && eventId ? [eventId] : [],
  );
  expect(decisions.length).toBeGreaterThanOrEqual(7); // one before each stage at least

  for (const eventId of decisions) {
    const { runId } = await client.workflowService.resetWorkflowExecution({
      namespace: WORKFLOW.namespace,
      workflowExecution: { workflowId: WORKFLOW.workflowId, runId: handle.firstExecutionRunId },
      workflowTaskFinishEventId: eventId,
      reason: 'test',
      requestId: `reset-${eventId.toString()}`,
    });
    const result = (await client.workflow.getHandle(WORKFLOW.workflowId, runId).result()) as RunResult;
    expect(await accountOf(result), `reset to event ${eventId.toString()}`).toEqual(first);
    expect((await readFile(join(home, 'dev', 'out', 'sales', 'empresa.db'))).equals(bytes)).toBe(true);
  }
});

/** What a receipt says apart from when and in which run. */
async function accountOf(result: RunResult): Promise<unknown> {
  const receipt = JSON.parse(await readFile(fileURLToPath(result.receipt), 'utf8')) as Receipt;
  const { outcome } = receipt.run;
  return {
    outcome,
    sources: receipt.sources,
    tables: receipt.tables,
    checks: receipt.checks,
    accounted: receipt.accounted,
  };
}
