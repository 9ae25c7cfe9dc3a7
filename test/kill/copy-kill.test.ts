import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { literal } from '../../activities/duckdb/identifiers.ts';
import { withSession } from '../../activities/duckdb/session.ts';
import { acequia, killingAt, receiptOf, recordingTo } from '../support/command.ts';
import { killPoints } from './kill-points.ts';

/** Where copies are killed: as ingest and publish begin, inside them, and as they end, before Temporal hears of it. */
const KILLED = killPoints(join(import.meta.dirname, 'copy-kill-points.txt'));

const FILES = {
  'ventas.csv': `id,fecha,importe\n${lines(2_000, (n) => `${n},2025-01-02,${n}.5`)}x,y\n`,
  'orders.jsonl': lines(1_000, (n) => `{"id":${n},"items":[{"sku":"a","qty":1.50},{"sku":"b","qty":${n}}]}`),
};

function lines(count: number, line: (n: number) => string): string {
  return Array.from({ length: count }, (_, index) => `${line(index + 1)}\n`).join('');
}

let scratch: string;
let undisturbed: unknown;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'acequia-kill-copy-'));
  const place = await placeFor('undisturbed');
  const { exitCode, stdout, stderr } = await copy(place, recordingTo(join(scratch, 'events')));
  expect(exitCode, stderr).toBe(0);
  undisturbed = await endingOf(place, stdout);
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

test('the kill points are events of such a copy, and an undisturbed one loads every row once', () => {
  const events = new Set(readFileSync(join(scratch, 'events'), 'utf8').trim().split('\n'));
  expect(KILLED.flatMap(({ at }) => at).filter((point) => !events.has(point))).toEqual([]);
  expect(undisturbed).toMatchObject({
    accounted: true,
    sources: { orders: [1_000, 1_000, 0], ventas: [2_001, 2_000, 1] },
    tables: { orders: { rows: '1000' }, orders_items: { rows: '2000' }, ventas: { rows: '2000' } },
  });
});

describe.concurrent(
  'a copy that appends, killed with -9: the same command carries on, and no row is there twice',
  () => {
    test.each(KILLED)('at: $at', { timeout: 300_000 }, async ({ at }) => {
      const place = await placeFor(at.join().replace(/\W+/g, '-'));
      for (const point of at) expect([point, (await copy(place, killingAt(point))).signal]).toEqual([point, 'SIGKILL']);
      const { exitCode, stdout, stderr } = await copy(place);
      expect(exitCode, stderr).toBe(0);
      expect(stderr).toMatch(/carrying on the open run/);
      expect(await endingOf(place, stdout)).toEqual(undisturbed);
    });
  },
);

async function placeFor(name: string): Promise<string> {
  const place = join(scratch, name);
  await mkdir(join(place, 'in'), { recursive: true });
  for (const [file, text] of Object.entries(FILES)) await writeFile(join(place, 'in', file), text);
  return place;
}

function copy(place: string, env: Record<string, string> = {}): ReturnType<typeof acequia> {
  const to = `duckdb:${join(place, 'out.duckdb')}`;
  const args = ['copy', join(place, 'in'), to, '--mode', 'append', '--env', 'dev', '--json'];
  return acequia(join(place, 'home'), args, { env });
}

/** What is there in the end, apart from when and where. */
async function endingOf(place: string, stdout: string): Promise<unknown> {
  const { accounted, sources, tables } = receiptOf(stdout);
  return {
    accounted,
    sources: Object.fromEntries(
      sources.map(({ name, read, staged, quarantined }) => [name, [read, staged, quarantined]]),
    ),
    receipt: tables.map(({ name, rows, inserted, digest }) => ({ name, rows, inserted, digest })),
    tables: await contents(join(place, 'out.duckdb')),
  };
}

/** Rows, and a digest of all values, of every table; and how many times the ledger says each was loaded. */
async function contents(path: string): Promise<Record<string, unknown>> {
  return withSession(undefined, async (session) => {
    await session.run(`ATTACH ${literal(path)} AS published (READ_ONLY)`);
    await session.run('USE published');
    const found: Record<string, unknown> = {};
    for (const table of ['orders', 'orders_items', 'ventas']) {
      const [all] = await session.rows(
        `SELECT count(*) AS "rows", md5(string_agg(CAST(t AS VARCHAR), chr(10) ORDER BY CAST(t AS VARCHAR))) AS digest FROM ${table} t`,
      );
      found[table] = all;
    }
    const loads = await session.rows('SELECT table_name, count(*) AS loads FROM _acequia_ledger GROUP BY 1 ORDER BY 1');
    return { ...found, loads };
  });
}
