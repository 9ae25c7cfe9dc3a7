import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, test } from 'vitest';
import { startPostgres, tellPostgres, type PostgresServer } from '../support/postgres.ts';
import { useTimeSkipping } from '../support/time-skipping.ts';
import { LakehouseShop } from './support/lakehouse-shop.ts';

const SAMPLE = readFileSync(new URL('../../pipelines/lakehouse/sample/source.sql', import.meta.url), 'utf8');

let server: PostgresServer;
const time = useTimeSkipping();
beforeAll(async () => {
  server = await startPostgres();
  await tellPostgres(await server.database('sample'), SAMPLE);
});
afterAll(async () => {
  await server.stop();
});

test('first', async () => {
  const url = server.administration().replace(/[^/]*$/, 'sample');
  const shop = await LakehouseShop.make(url, time);
  const r = await shop.run();
  const q = r.sources[0]!.quarantine!;
  console.log(q);
  console.log(
    r.run.outcome,
    r.checks.filter((c) => c.status !== 'passed'),
  );
  const r2 = await shop.run();
  console.log(
    r2.run.outcome,
    r2.sources.map((s) => [s.name, s.read]),
    r2.tables.map((s) => [s.name, s.rows, s.inserted, s.updated, s.unchanged]),
    r2.steps.map((s) => [s.name, s.slice, s.durationMs]),
  );
});
