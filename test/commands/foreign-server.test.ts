import { setTimeout as pause } from 'node:timers/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acquireEmbeddedServer } from '../../infra/temporal/embedded-server.ts';
import { acequia, receiptOf } from '../support/command.ts';

type Server = Awaited<ReturnType<typeof acquireEmbeddedServer>>;

let scratch: string;
let server: Server;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'acequia-foreign-'));
  // A server that somebody else runs: it knows nothing of Acequia's search attributes.
  server = await acquireEmbeddedServer({ environmentFolder: join(scratch, 'theirs'), searchAttributes: [] });
});
afterAll(async () => {
  await server.release();
  await rm(scratch, { recursive: true, force: true });
});

test('a server named by TEMPORAL_ADDRESS is used, taught the search attributes, and left running', async () => {
  const env = { TEMPORAL_ADDRESS: server.address };
  const { exitCode, stdout, stderr } = await acequia(join(scratch, 'ours'), ['run', 'sales', '--json'], { env });
  expect(exitCode, stderr).toBe(0);
  const { run } = receiptOf(stdout);
  expect(run.outcome).toBe('warned');

  const { Client, Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({ address: server.address });
  try {
    const { workflow } = new Client({ connection });
    const query = `AcequiaPipeline = 'sales' AND AcequiaEnvironment = 'dev' AND AcequiaOutcome = 'warned'`;
    for (let tries = 0; tries < 50 && (await workflow.count(query)).count === 0; tries += 1) await pause(100);
    const found: string[] = [];
    for await (const { runId } of workflow.list({ query })) found.push(runId);
    expect(found).toEqual([run.runId]);
  } finally {
    await connection.close();
  }
});
