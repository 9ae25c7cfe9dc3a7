import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { drainSource } from '../../activities/drain/drain-source.ts';
import { loadMappings } from '../../activities/normalise/load-mappings.ts';
import { compileTarget } from '../../activities/plan/compile-target.ts';
import payments from '../../pipelines/payments/pipeline.ts';
import type { DrainPlan } from '../../workflows/definition/index.ts';
import { tellPostgres, type PostgresServer } from './postgres.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The sample of `payments`, drained once: 2,000 rows, and 48 records of two unknown shapes that wait. */
export interface DrainedPayments {
  readonly sink: string;
  readonly plan: DrainPlan;
  readonly variables: Readonly<Record<string, string>>;
}

const columns = { id: 'id', createdAt: 'created_at', processed: 'processed', processedAt: 'processed_at' };

export async function drainedPayments(
  server: PostgresServer,
  sql = readFileSync('pipelines/payments/sample/datalake.sql', 'utf8'),
): Promise<DrainedPayments> {
  const [origin, sink] = [await server.database(), await server.database()];
  await tellPostgres(origin, sql);
  const { from, embedded = [], into } = payments.drain!;
  const source = from['raw_transactions'];
  if (source?.kind !== 'queue') throw new Error('the first source is a queue');
  const target = compileTarget(into, 'UTC');
  const folder = 'pipelines/payments/mappings';
  const { digest } = await loadMappings(folder, target);
  const name = 'raw_transactions';
  const plan: DrainPlan = {
    from: [
      {
        ...{ kind: 'queue', name, database: { setting: 'ORIGIN' }, schema: 'public', table: name },
        ...{ forms: source.forms, columns },
      },
    ],
    embedded,
    target: { database: { setting: 'SINK' }, name: 'postgres:SINK', schema: 'public', table: into.table, ...target },
    mappings: { folder, digest },
  };
  const variables = { ORIGIN: origin, SINK: sink };
  const run = {
    ...{ pipeline: 'payments', environment: 'test', workflowId: 'payments-test', runId: 'run-1', rootRunId: 'run-1' },
    startedAt: '2026-06-30T00:00:00Z',
  };
  await drainSource(
    { run, drain: plan, source: name, lake: pathToFileURL(await temporaryFolder()).href },
    { signal: new AbortController().signal, report: () => undefined },
    { variables },
  );
  return { sink, plan, variables };
}
