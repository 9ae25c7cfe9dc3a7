import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { workflowBundle } from '../../workers/bundle-workflows.ts';
import { SCENARIOS } from './scenarios.ts';

const FOLDER = join(import.meta.dirname, 'histories');
const HISTORIES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
});

test('every scenario has been recorded, and every history is one of them', () => {
  expect(HISTORIES.toSorted()).toEqual(SCENARIOS.map(({ name }) => `${name}.json`).toSorted());
});

test.each(SCENARIOS)('$name still replays', async ({ name, workflowId }) => {
  const history: unknown = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
  const codePath = await workflowBundle();
  await Worker.runReplayHistory({ workflowBundle: { codePath } }, history, workflowId);
});

test('histories hold references and counts, no rows, and no more than they need', () => {
  for (const name of HISTORIES) expect(readFileSync(join(FOLDER, name)).length).toBeLessThan(100_000);
});
