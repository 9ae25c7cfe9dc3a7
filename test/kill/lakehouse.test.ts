import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences, withLake } from '../pipelines/support/lakehouse-rows.ts';
import { acequia, receiptOf } from '../support/command.ts';
import { startPostgres, tellPostgres, type PostgresServer } from '../support/postgres.ts';

const SAMPLE = readFileSync(new URL('../../pipelines/lakehouse/sample/source.sql', import.meta.url), 'utf8');

/** Of ten runs, those that are killed: after so many milliseconds, at any moment of theirs. */
const KILLED: Readonly<Record<number, number>> = { 1: 3_200, 3: 4_600, 5: 5_800, 8: 6_900 };
const RUNS = 10;

let server: PostgresServer;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'acequia-kill-lakehouse-'));
  server = await startPostgres();
});
afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

test('ten runs beside writers at full speed, some killed, end in equality with the source; late rows and all', async () => {
  const url = await server.database();
  await tellPostgres(url, SAMPLE);
  const raw = join(home, 'dev/out/lakehouse/raw');
  const run = () =>
    acequia(home, ['start-workflow', 'lakehouse', '--env', 'dev', '--any-age', '--json'], {
      env: { LAKEHOUSE_SOURCE_URL: url },
    });
  const writing = new AbortController();
  const writers = [1, 2].map((seed) => write(url, seed, writing.signal));
  const late = [1, 2].map((seed) => writeLate(url, seed, writing.signal));

  try {
    await runAll(run);
  } finally {
    writing.abort();
  }
  const written = (await Promise.all(writers)).reduce((sum, one) => sum + one, 0);
  const lateRows = (await Promise.all(late)).reduce((sum, one) => sum + one, 0);
  expect(written).toBeGreaterThan(1_000);
  expect(lateRows).toBeGreaterThan(10);

  // The last part, not the whole: what an earlier one has passed by would be missing for ever.
  const { exitCode, stdout, stderr } = await run();
  expect(exitCode, stderr).toBe(0);
  const { sources, checks } = receiptOf(stdout);
  expect(checks.filter(({ status }) => status !== 'passed')).toEqual([]);
  const inParts = sources.filter(({ name }) => ['contents', 'content_attributes'].includes(name));
  const [total] = await ask(
    raw,
    'SELECT (SELECT count(*) FROM contents) AS c, (SELECT count(*) FROM content_attributes) AS a',
  );
  expect(inParts.map(({ read }) => read)).toEqual(inParts.map(() => expect.any(Number) as number));
  expect(inParts.reduce((sum, { read }) => sum + read, 0)).toBeLessThan(Number(total?.['c']) + Number(total?.['a']));
  expect(await differences(url, raw)).toEqual({});
}, 600_000);

async function runAll(run: () => ReturnType<typeof acequia>): Promise<void> {
  for (let number = 0; number < RUNS; number += 1) {
    const running = run();
    const killAfter = KILLED[number];
    if (killAfter !== undefined) {
      await pause(killAfter);
      running.kill('SIGKILL');
      await running;
      continue;
    }
    const { exitCode, stdout, stderr } = await running;
    expect([number, exitCode], stderr).toEqual([number, 0]);
    expect(receiptOf(stdout)).toMatchObject({ accounted: true, run: { outcome: 'succeeded' } });
  }
}

const ask = (raw: string, query: string) => withLake(raw, (session) => session.rows<Record<string, string>>(query));

/** Transactions as fast as they go: new contents with what belongs to them, changes of any age, payments. Returns how many. */
async function write(url: string, seed: number, until: AbortSignal): Promise<number> {
  return connected(url, async (client) => {
    let count = 0;
    for (let id = seed * 1_000_000; !until.aborted; id += 1, count += 1) {
      await client.query('BEGIN');
      await client.query(insertContent(id));
      await client.query(insertAttribute(id));
      await client.query(
        `UPDATE contents SET title = title || '*', updated_at = now() WHERE content_id = ${1 + ((id * 7) % 1_500)}`,
      );
      await client.query(
        `UPDATE content_attributes SET value = '${id}', updated_at = now() WHERE content_id = ${1 + ((id * 11) % 1_500)} AND attribute = 'studio'`,
      );
      await client.query(`UPDATE payments SET updated_at = now() WHERE payment_id = ${1 + ((id * 13) % 11_000)}`);
      await client.query('COMMIT');
    }
    return count;
  });
}

/** Rows that are stamped when their transaction begins, and committed seconds later, when others have long been read. */
async function writeLate(url: string, seed: number, until: AbortSignal): Promise<number> {
  return connected(url, async (client) => {
    let count = 0;
    for (let id = seed * 1_000_000 + 500_000; !until.aborted; id += 1, count += 1) {
      await client.query('BEGIN');
      if (seed > 1) await client.query(insertContent(id));
      // One of them has only read, so far.
      else await client.query('SELECT count(*) FROM contents');
      await pause(1_000 + seed * 1_500);
      if (seed === 1) await client.query(insertContent(id));
      await client.query(insertAttribute(id));
      await client.query('COMMIT');
    }
    return count;
  });
}

function insertContent(id: number): string {
  return `INSERT INTO contents SELECT ${id}, 'title-${id}', 'New ${id}', NULL, 'film', 'It begins.', NULL, 90, '[]', '{}', NULL, true, now(), now()`;
}

function insertAttribute(id: number): string {
  return `INSERT INTO content_attributes SELECT ${id}, 'studio', NULL, 'editors', NULL, now(), now()`;
}

async function connected<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
