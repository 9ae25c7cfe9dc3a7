import picocolors from 'picocolors';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { liveLines } from '../../../client/cli/live-lines.ts';
import { plainLines } from '../../../client/cli/plain-lines.ts';
import { decodeActivity } from '../../../client/cli/run-snapshot.ts';
import { openPlain } from '../../../client/cli/screen.ts';
import { colorsFor } from '../../../client/cli/terminal.ts';
import { ended, ingesting, planning, retrying, startedAt } from './recorded-run.ts';

const plain = { colors: picocolors.createColors(false), frame: 0, columns: 80 };

test('off a terminal: one line for each start, end and new attempt', () => {
  expect(plainLines(undefined, planning, startedAt + 200)).toEqual(['sales: plan started']);
  expect(plainLines(planning, planning, startedAt + 300)).toEqual([]);
  expect(plainLines(planning, ingesting, startedAt + 900)).toEqual([
    'sales: plan done: 0.3 s',
    'sales: ingest ventas started',
  ]);
  expect(plainLines(ingesting, retrying, startedAt + 1_500)).toEqual([
    'sales: ingest ventas retrying, attempt 2: activity Heartbeat timeout',
  ]);
  expect(plainLines(retrying, retrying, startedAt + 1_800)).toEqual([]);
  expect(plainLines(retrying, ended, startedAt + 2_500)).toEqual([
    'sales: ingest ventas done: 5,500 rows, 214 kB, 2.0 s',
    'sales: publish empresa.db started',
    'sales: publish empresa.db failed: 0.1 s',
  ]);
});

test('on a terminal: every stage with rows, bytes, rate and elapsed time', () => {
  expect(liveLines([ingesting], startedAt + 1_400, plain)).toMatchInlineSnapshot(`
    [
      "sales  1.4 s",
      "  ✓ done     plan                0.3 s",
      "  ⠋ running  ingest ventas       2,000 rows · 80 kB of 214 kB · 2,000 rows/s · 1.0 s · casting",
      "  · waiting  publish empresa.db",
    ]
  `);
  expect(liveLines([retrying], startedAt + 1_400, plain)).toMatchInlineSnapshot(`
    [
      "sales  1.4 s",
      "  ✓ done     plan                0.3 s",
      "  ⠋ retrying ingest ventas       1.0 s",
      "      attempt 2: activity Heartbeat timeout",
      "  · waiting  publish empresa.db",
    ]
  `);
  expect(liveLines([ended], startedAt + 2_500, plain)).toMatchInlineSnapshot(`
    [
      "sales  2.5 s",
      "  ✓ done     plan                0.3 s",
      "  ✓ done     ingest ventas       5,500 rows · 214 kB · 2,750 rows/s · 2.0 s",
      "  ✗ failed   publish empresa.db  0.1 s",
    ]
  `);
});

test('a cause never runs over the edge of the terminal', () => {
  const long = { ...retrying, activities: [{ activityId: 'ingest ventas', attempt: 2, lastFailure: 'x'.repeat(300) }] };
  expect(
    Math.max(
      ...liveLines([long], startedAt + 1_400, { ...plain, columns: 40 })
        .filter((line) => line.includes('attempt'))
        .map((line) => line.length),
    ),
  ).toBe(39);
});

test('no colour off a terminal, nor under NO_COLOR', () => {
  const terminal = { isTTY: true };
  expect(colorsFor(terminal, {}).red('x')).not.toBe('x');
  expect(colorsFor(terminal, { NO_COLOR: '1' }).red('x')).toBe('x');
  expect(colorsFor({ isTTY: false }, {}).red('x')).toBe('x');
});

test('several runs share a plain screen without mixing their states', async () => {
  const stream = new PassThrough();
  const screen = openPlain(stream);
  screen.show(planning);
  screen.show({ ...planning, pipeline: 'orders' });
  screen.show(planning);
  stream.end();
  const text = (await stream.toArray()).join('');
  expect(text).toBe('sales: plan started\norders: plan started\n');
});

test('a heartbeat is read from the server’s bytes; nonsense is no progress', () => {
  const data = new TextEncoder().encode(JSON.stringify({ step: 'reading', rows: 7 }));
  const raw = { activityId: 'ingest a', attempt: 3, heartbeatDetails: { payloads: [{ data }] } };
  const lastFailure = {
    message: 'Activity task failed',
    cause: { message: 'disk full\n  where: /x\n  why:   no byte is left' },
  };
  expect(decodeActivity({ ...raw, lastFailure })).toEqual({
    activityId: 'ingest a',
    attempt: 3,
    lastFailure: 'disk full no byte is left',
    progress: { step: 'reading', rows: 7 },
  });
  expect(
    decodeActivity({ heartbeatDetails: { payloads: [{ data: new Uint8Array([1, 2]) }] } }).progress,
  ).toBeUndefined();
});
