import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acequia, receiptOf } from '../support/command.ts';
import { askPostgres, startPostgres, tellPostgres, type PostgresServer } from '../support/postgres.ts';

const GOOD = 200_000;
const KILLS = 10;
/** After a batch was written, so many milliseconds at most. */
const AT_MOST_MS = 900;
const SAMPLE = readFileSync('pipelines/payments/sample/datalake.sql', 'utf8').replace(
  'generate_series(1, 2000)',
  `generate_series(1, ${GOOD})`,
);

let server: PostgresServer;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'acequia-kill-drain-'));
  server = await startPostgres();
});
afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

test('a drain that is killed ten times ends with one row for each record, and every record marked', async () => {
  const [origin, sink] = [await server.database(), await server.database()];
  await tellPostgres(origin, SAMPLE);
  const run = () =>
    acequia(home, ['start-workflow', 'payments', '--env', 'dev', '--once', '--json'], {
      env: { DATALAKE_DATABASE_URL: origin, DATABASE_URL: sink },
    });
  for (let kill = 1, written = 0; kill <= KILLS; kill += 1) {
    const running = run();
    written = await untilMore(sink, written);
    await pause(Math.random() * AT_MOST_MS);
    running.kill('SIGKILL');
    await running;
  }
  const killed = await one(origin, 'SELECT count(*) AS n FROM raw_transactions WHERE NOT processed');
  expect(killed, 'the drain was over before it was killed ten times').toBeGreaterThan(0);

  const { stdout, stderr } = await run();
  const { sources, accounted } = receiptOf(stdout);
  expect(accounted, stderr).toBe(true);
  expect(await one(origin, 'SELECT count(*) AS n FROM raw_transactions WHERE NOT processed')).toBe(0);
  expect(await one(sink, 'SELECT count(*) AS n FROM normalized_payment_events')).toBe(GOOD);
  expect(await one(sink, 'SELECT count(DISTINCT source_id) AS n FROM normalized_payment_events')).toBe(GOOD);
  expect(await one(sink, 'SELECT count(*) AS n FROM _acequia_aside')).toBe(60);
  const [cents] = await askPostgres(
    sink,
    'SELECT sum(amount)::numeric(38, 2)::text AS sum FROM normalized_payment_events',
  );
  const [wanted] = await askPostgres(
    origin,
    `SELECT sum(round((n * 7919 % 100000)::numeric / 100 + 0.01, 2))::text AS sum FROM generate_series(1, ${GOOD}) AS n`,
  );
  expect(cents).toEqual(wanted);
  // Every batch that was written counts, whoever wrote it; what was written and not marked was read twice.
  const inserted = await one(sink, 'SELECT sum(inserted) AS n FROM _acequia_batches');
  expect(inserted).toBe(GOOD);
  expect(sources[0]?.read).toBeGreaterThanOrEqual(GOOD + 60);
}, 600_000);

/** Waits until the sink has more batches than so many. */
async function untilMore(sink: string, than: number): Promise<number> {
  for (;;) {
    const there = await one(sink, `SELECT count(*) AS n FROM pg_class WHERE relname = '_acequia_batches'`);
    const batches = there === 0 ? 0 : await one(sink, 'SELECT count(*) AS n FROM _acequia_batches');
    if (batches > than) return batches;
    await pause(50);
  }
}

async function one(url: string, query: string): Promise<number> {
  const [row] = await askPostgres<{ n: string }>(url, query);
  return Number(row?.n);
}
