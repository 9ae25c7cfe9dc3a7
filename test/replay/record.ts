/**
 * Records the histories that `replay.test.ts` replays: `npm run record-histories`. Run it when a scenario is added, or
 * after a change of the workflow that a released version has never run; else the old histories are what must still replay.
 */
import { NativeConnection, Worker } from '@temporalio/worker';
import { execa } from 'execa';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';
import { findTemporal } from '../../infra/setup/inventory.mjs';
import { workflowBundle } from '../../workers/bundle-workflows.ts';
import { startDevServer, type DevServer } from '../support/dev-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

test.each(SCENARIOS)('record $name', async (scenario) => {
  const server = await startDevServer(await temporaryFolder());
  try {
    await record(server, scenario);
    await writeFile(
      join(import.meta.dirname, 'histories', `${scenario.name}.json`),
      await show(server.address, scenario),
    );
  } finally {
    await server.close();
  }
});

/** The history of the one workflow, as Temporal's own tool writes it. */
async function show(address: string, { workflowId }: Scenario): Promise<string> {
  const temporal = findTemporal()?.path ?? 'temporal';
  const { stdout } = await execa(temporal, [
    'workflow',
    'show',
    '-w',
    workflowId,
    '--address',
    address,
    '--output',
    'json',
  ]);
  return `${stdout}\n`;
}

async function record({ address, client }: DevServer, scenario: Scenario): Promise<void> {
  const connection = await NativeConnection.connect({ address });
  const codePath = await workflowBundle();
  const { activities, reached } = watching(scenario);
  const work = () =>
    Worker.create({
      connection,
      taskQueue: 'recorded',
      identity: 'worker',
      workflowBundle: { codePath },
      activities,
    });
  const { workflow, workflowId, request } = scenario;
  const handle = await client.workflow.start(workflow, { workflowId, taskQueue: 'recorded', args: [request] });
  if (scenario.changeWorkerAt) {
    const first = await work();
    const gone = first.runUntil(reached);
    await gone;
  }
  const worker = await work();
  await worker.runUntil(async () => {
    if (scenario.cancelAt) await reached.then(() => handle.cancel());
    await handle.result().catch(() => undefined);
  });
  await connection.close();
}

/** The scenario's activities, and when the one of interest has begun. */
function watching({ activities, ...scenario }: Scenario): Pick<Scenario, 'activities'> & { reached: Promise<void> } {
  const name = scenario.cancelAt ?? scenario.changeWorkerAt;
  let tell = (): void => undefined;
  const reached = new Promise<void>((resolve) => (tell = resolve));
  const watched = name === undefined ? undefined : activities[name];
  if (name === undefined || watched === undefined) return { activities, reached };
  const told = (request: never): Promise<unknown> => {
    tell();
    return watched(request);
  };
  return { activities: { ...activities, [name]: told }, reached };
}
