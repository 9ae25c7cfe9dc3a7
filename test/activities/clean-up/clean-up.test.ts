import fc from 'fast-check';
import { existsSync, utimesSync } from 'node:fs';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cleanUp } from '../../../activities/clean-up/clean-up.ts';
import type { Work } from '../../../activities/progress.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import { removedByRetention } from '../../../activities/lake/removed-by-retention.ts';
import type { CleanUpStep, CleanUpSummary } from '../../../workflows/clean-up-contract.ts';
import { parseDuration, RETAINED_PARTS } from '../../../workflows/definition/index.ts';
import { quietWork } from '../../support/work.ts';
import { AgedLake, DAY, keysOf, NOW, type AgedRun } from './aged-lake.ts';

const RETENTION = { staging: '7d', landing: '30d', quarantine: '1y' };
const AT = new Date(NOW).toISOString();
const none = () => Promise.resolve(undefined);

function clean(
  lake: AgedLake,
  step: Partial<CleanUpStep> = {},
  open: () => Promise<Date | undefined> = none,
  work: Work = quietWork(),
): Promise<CleanUpSummary> {
  const whole = { environment: 'dev', retention: RETENTION, dryRun: false, runId: 'clean-1', at: AT, ...step };
  return cleanUp(whole, lake.uri, open, work);
}

const freed = ({ parts }: CleanUpSummary) =>
  Object.fromEntries(parts.map(({ part, freed: { files } }) => [part, files]));

test('what is older than its retention goes, part by part; receipts and what young ones name stay', async () => {
  const lake = await AgedLake.make();
  for (const [id, age] of [
    ['new', 2],
    ['week', 10],
    ['month', 40],
    ['old', 400],
  ] as const)
    await lake.run({ id, age, content: id });
  const before = await lake.files();
  const survey = await clean(lake, { dryRun: true });
  expect(await lake.files()).toEqual(before);
  expect(freed(survey)).toEqual({ landing: 2, quarantine: 2, staging: 2 * 4 + 1 * 5, incoming: 0 });
  const summary = await clean(lake);
  expect({ ...summary, dryRun: true }).toEqual(survey);
  expect(summary.parts.find(({ part }) => part === 'landing')).toEqual({
    ...{ part: 'landing', retention: '30d' },
    freed: { files: 2, bytes: 2 * keysOf({ id: '', content: 'old' }).landing.length },
    kept: { files: 2, bytes: 2 * keysOf({ id: '', content: 'old' }).landing.length },
    oldestKept: { key: keysOf({ id: '', content: 'week' }).landing, writtenAt: new Date(NOW - 10 * DAY).toISOString() },
  });
  const after = await lake.files();
  expect([...after.keys()].filter((key) => key.startsWith('receipts/'))).toHaveLength(4);
  const [week, month] = ['week', 'month'].map((id) => keysOf({ id, content: id }));
  // How it was read is told for as long as anything is left of the run.
  expect([week, month].map((keys) => keys?.staged.map((key) => after.has(key)))).toEqual([
    [true, false, false],
    [true, false, false],
  ]);
  expect(freed(await clean(lake, { runId: 'clean-2' }))).toEqual({
    landing: 0,
    quarantine: 0,
    staging: 0,
    incoming: 0,
  });
});

test('without a retention only what killed writes left behind goes', async () => {
  const lake = await AgedLake.make();
  await lake.run({ id: 'old', age: 4_000, content: 'old' });
  await lake.put('incoming/killed.part', 2);
  await lake.put('incoming/now.part', 0.5);
  await lake.put('incoming/replay-x.part/staging/shop/orders/0.parquet', 2);
  await lake.put('incoming/somebodys.csv', 4_000);
  const before = await lake.files();
  expect(freed(await clean(lake, { retention: {} }))).toEqual({ landing: 0, quarantine: 0, staging: 0, incoming: 2 });
  before.delete('incoming/killed.part');
  before.delete('incoming/replay-x.part/staging/shop/orders/0.parquet');
  expect(await lake.files()).toEqual(before);
});

test('a run that is open keeps what was written since it began, or claimed', async () => {
  const lake = await AgedLake.make();
  await lake.put('staging/shop/orders/open/orders/0.parquet', 19);
  await lake.put('staging/shop/orders/before/orders/0.parquet', 21);
  await lake.put('staging/shop/orders/found/orders/0.parquet', 300);
  expect(await openLake(lake.uri).claim('staging/shop/orders/found/orders/0.parquet')).toBe(true);
  const summary = await clean(lake, {}, () => Promise.resolve(new Date(NOW - 20 * DAY)));
  expect(summary.openSince).toBe(new Date(NOW - 20 * DAY).toISOString());
  expect([...(await lake.files()).keys()].sort()).toEqual([
    'staging/shop/orders/found/orders/0.parquet',
    'staging/shop/orders/open/orders/0.parquet',
  ]);
});

test('what is claimed between the look and the removal stays, and counts as kept', async () => {
  const lake = await AgedLake.make();
  const keys = ['landing/sha256/aa/1', 'landing/sha256/aa/2'];
  for (const key of keys) await lake.put(key, 300);
  // Said when the first of them has gone; the other was seen as old as that one.
  const claim = (key: string) => existsSync(join(lake.folder, key)) && utimesSync(join(lake.folder, key), NOW, NOW);
  const report: Work['report'] = ({ step }) => step === 'removing from landing' && keys.forEach(claim);
  const summary = await clean(lake, {}, none, { ...quietWork(), report });
  expect(summary.parts.find(({ part }) => part === 'landing')).toMatchObject({
    freed: { files: 1, bytes: 19 },
    kept: { files: 1, bytes: 19 },
  });
  expect((await lake.files()).size).toBe(1);
});

describe('nothing is removed while what is needed cannot be known', () => {
  const broken: readonly (readonly [string, (lake: AgedLake) => Promise<unknown>, RegExp])[] = [
    ['a receipt cut short', (lake) => lake.put('receipts/shop/cut.json', 400, '{"version": 1, "run"'), /cut\.json/],
    [
      'a receipt of a later version',
      (lake) => lake.put('receipts/shop/v2.json', 1, '{"version": 2}'),
      /v2\.json[^]*2; 1 is/,
    ],
    [
      'a receipt that says nothing',
      (lake) => lake.put('receipts/shop/no.json', 1, '{"version": 1}'),
      /no\.json[^]*lacks/,
    ],
    [
      'a report that is gone',
      (lake) => rm(join(lake.folder, keysOf({ id: '', content: 'young' }).staged[0] ?? '')),
      /source\.json[^]*receipt of run young/,
    ],
    [
      'a report that is cut short',
      (lake) => writeFile(join(lake.folder, keysOf({ id: '', content: 'young' }).staged[0] ?? ''), '{'),
      /source\.json/,
    ],
  ];
  test.each(broken)('%s', async (_, breakIt, words) => {
    const lake = await AgedLake.make();
    await lake.run({ id: 'young', age: 2, content: 'young' });
    await lake.run({ id: 'old', age: 4_000, content: 'old' });
    await breakIt(lake);
    const before = await lake.files();
    await expect(clean(lake)).rejects.toMatchObject({
      type: 'ReceiptUnreadable',
      message: expect.stringMatching(words) as unknown,
    });
    expect(await lake.files()).toEqual(before);
  });

  test('a retention that means nothing', async () => {
    const lake = await AgedLake.make();
    await lake.run({ id: 'old', age: 4_000, content: 'old' });
    const retention = { staging: '5m', landings: '1d' } as unknown as CleanUpStep['retention'];
    await expect(clean(lake, { retention })).rejects.toThrow(/staging: "5m" is less than a day.*no part "landings"/);
  });
});

test('a report that an earlier, shorter retention took is no riddle; who misses it is told when', async () => {
  const lake = await AgedLake.make();
  await lake.run({ id: 'shop-1', age: 40, content: 'x' });
  const finishedAt = new Date(NOW - 40 * DAY).toISOString();
  await clean(lake, { retention: { staging: '7d', landing: '10d', quarantine: '20d' } });
  expect(await removedByRetention(openLake(lake.uri), finishedAt, ['landing'])).toMatchObject({
    retention: 'landing=10d',
  });
  expect(
    await removedByRetention(openLake(lake.uri), new Date(NOW - 9 * DAY).toISOString(), ['landing']),
  ).toBeUndefined();
  expect(freed(await clean(lake, { runId: 'clean-2' }))).toMatchObject({ staging: 0, landing: 0 });
});

test('a lake that was moved keeps what its receipts name by their old place', async () => {
  const lake = await AgedLake.make();
  await lake.run({ id: 'young', age: 2, content: 'young' });
  const moved = new AgedLake(join(lake.folder, '..', 'staging', 'elsewhere'));
  for (const [key] of await lake.files()) {
    await moved.put(key, 3, await readFile(join(lake.folder, key), 'utf8'));
  }
  await rm(lake.folder, { recursive: true });
  const before = await moved.files();
  await clean(moved);
  expect(await moved.files()).toEqual(before);
});

/** Days that lie at and around every retention below. */
const age = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(0.5, 1.5, 6.99, 7.01, 29.99, 30.01, 400));
const agedRun = fc.record({ age, content: fc.constantFrom('a', 'b', 'c', 'd', 'e') });
const duration = fc.option(fc.constantFrom('1d', '7d', '2w', '30d', '1y'), { nil: undefined });

test('killed anywhere and run again: what young receipts name stays, all else goes, and the figures are right', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(agedRun, { maxLength: 8 }),
      fc.array(age, { maxLength: 4 }),
      fc.record({ staging: duration, landing: duration, quarantine: duration }, { requiredKeys: [] }),
      fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
      fc.integer({ min: 1, max: 40 }),
      async (runs, orphans, wanted, openFor, killAt) => {
        const retention = Object.fromEntries(Object.entries(wanted).filter(([, one]) => one !== undefined));
        const lake = await AgedLake.make();
        const named: AgedRun[] = runs.map((run, index) => ({ ...run, id: `run-${index}` }));
        for (const run of named) await lake.run(run);
        for (const [index, days] of orphans.entries()) {
          await lake.put(`staging/shop/orders/orphan-${index}/0.parquet`, days);
          await lake.put(`landing/sha256/00/orphan-${index}`, days);
        }
        const before = await lake.files();
        const open = () => Promise.resolve(openFor === undefined ? undefined : new Date(NOW - openFor * DAY));
        const stays = await expected(lake, before, named, retention, openFor);

        const look = await clean(lake, { retention, dryRun: true, runId: 'look' }, open);
        let told = 0;
        const killed = {
          ...quietWork(),
          report: () => {
            if ((told += 1) === killAt) throw new Error('killed');
          },
        };
        const first = await clean(lake, { retention }, open, killed).catch(() => undefined);
        const summary = first ?? (await clean(lake, { retention }, open));

        const after = await lake.files();
        expect([...after.keys()].sort()).toEqual(stays);
        const gone = [...before].filter(([key]) => !after.has(key));
        const sum = (figure: 'freed' | 'kept', unit: 'files' | 'bytes') =>
          summary.parts.reduce((total, part) => total + part[figure][unit], 0);
        expect(sum('freed', 'files')).toBe(gone.length);
        expect(freed(look)).toEqual(freed(summary));
        expect(sum('freed', 'bytes')).toBe(gone.reduce((total, [, bytes]) => total + bytes, 0));
        expect(sum('kept', 'files')).toBe([...after.keys()].filter((key) => !key.startsWith('receipts/')).length);
      },
    ),
    { numRuns: 150 },
  );
});

/** By the words of the documentation, one file at a time. */
async function expected(
  lake: AgedLake,
  before: ReadonlyMap<string, number>,
  runs: readonly AgedRun[],
  retention: CleanUpStep['retention'],
  openFor: number | undefined,
): Promise<string[]> {
  const written = new Map<string, number>();
  for await (const { key, writtenMs } of openLake(lake.uri).walk('.')) written.set(key, writtenMs);
  const within = (run: AgedRun, part: (typeof RETAINED_PARTS)[number]) =>
    run.age * DAY <= (parseDuration(retention[part] ?? '') ?? Number.POSITIVE_INFINITY);
  return [...before.keys()]
    .filter((key) => {
      const part = /^(?:staging|models|reports)\//.test(key)
        ? 'staging'
        : RETAINED_PARTS.find((one) => key.startsWith(`${one}/`));
      if (part === undefined || retention[part] === undefined) return true;
      const floor = Math.min(NOW - DAY, openFor === undefined ? Number.POSITIVE_INFINITY : NOW - openFor * DAY);
      if ((written.get(key) ?? 0) >= floor) return true;
      return runs.some((run) => {
        const keys = keysOf(run);
        if (key === keys.staged[0]) return RETAINED_PARTS.some((one) => within(run, one));
        const names = [...keys.staged, keys.quarantine, keys.broken, keys.model, keys.landing, keys.check];
        return names.includes(key) && within(run, part);
      });
    })
    .sort();
}

test('what is there can be claimed, and nothing else', async () => {
  const lake = await AgedLake.make();
  await lake.put('models/x.parquet', 3);
  await utimes(join(lake.folder, 'models/x.parquet'), 0, 0);
  expect(await openLake(lake.uri).claim('models/x.parquet')).toBe(true);
  expect(await openLake(lake.uri).claim('models/y.parquet')).toBe(false);
});
