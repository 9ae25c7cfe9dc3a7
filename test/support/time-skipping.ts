import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll } from 'vitest';
import { testServer } from '../../infra/setup/inventory.mjs';
import type { RunRequest, RunResult } from '../../workflows/run-request.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.ts';
import type { Stages } from '../../workflows/stages.ts';
import { workflowBundle } from '../../workers/bundle-workflows.ts';

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const KEYWORD = 2;

export interface TimeSkipping {
  readonly environment: TestWorkflowEnvironment;
  /** Runs `runPipeline` over these stages to its end, skipping the time nobody uses. */
  run(stages: Stages, request?: Partial<RunRequest>, cancelWhen?: Promise<void>): Promise<RunResult>;
}

/** One time-skipping test server for the tests of a file. */
export function useTimeSkipping(): TimeSkipping {
  let environment: TestWorkflowEnvironment | undefined;
  let runs = 0;
  const started = (): TestWorkflowEnvironment => {
    if (!environment) throw new Error('the test server is used before it was started');
    return environment;
  };
  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const server = testServer();
    if (!server) throw new Error('the time-skipping test server is missing; `npm test` installs it');
    environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path: server.path } },
    });
    await environment.connection.operatorService.addSearchAttributes({
      namespace: 'default',
      searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map(({ name }) => [name, KEYWORD])),
    });
  });
  afterAll(() => environment?.teardown());

  return {
    get environment() {
      return started();
    },
    run: async (stages, request = {}, cancelWhen) => {
      const taskQueue = `queue-${(runs += 1)}`;
      const { nativeConnection, client } = started();
      const worker = await Worker.create({
        connection: nativeConnection,
        taskQueue,
        workflowBundle: { codePath: await workflowBundle() },
        activities: stages,
      });
      return worker.runUntil(async () => {
        const handle = await client.workflow.start('runPipeline', {
          taskQueue,
          workflowId: `example-${taskQueue}`,
          args: [{ pipeline: 'example', environment: 'dev', options: {}, ...request }],
        });
        void cancelWhen?.then(() => handle.cancel());
        return (await handle.result()) as RunResult;
      });
    },
  };
}
