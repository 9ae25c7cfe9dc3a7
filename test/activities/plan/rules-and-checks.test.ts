import { expect, test } from 'vitest';
import type { RunOptions } from '../../../workflows/definition/index.ts';
import { plan, SHOP } from './shop.ts';

const WINDOWED = SHOP['pipeline.ts']
  .replace("inbox: 'SHOP_INBOX'", "inbox: 'SHOP_INBOX', timezone: 'Europe/Madrid'")
  .replace("sqlite('shop.db')", "sqlite('shop.db', { mode: 'merge' })")
  .replace("onePer: 'orders'", "onePer: 'orders', since: 'day'");

test('--since is an instant: a date begins in the zone of the definition, an offset counts', async () => {
  const from = async (since: string, definition = WINDOWED): Promise<unknown> =>
    (await plan({ 'pipeline.ts': definition }, { since })).models[1]?.since;
  expect(await from('2026-01-31')).toEqual({ column: 'day', from: '2026-01-30T23:00:00.000000Z' });
  expect(await from('2026-01-31T09:00')).toEqual({ column: 'day', from: '2026-01-31T08:00:00.000000Z' });
  expect(await from('2026-01-31T09:00:00.000001+05:00')).toEqual({
    column: 'day',
    from: '2026-01-31T04:00:00.000001Z',
  });
  expect(await from('2026-01-31', WINDOWED.replace(", timezone: 'Europe/Madrid'", ''))).toEqual({
    column: 'day',
    from: '2026-01-31T00:00:00.000000Z',
  });
  // A day may begin in the future of whoever started the run; what is beyond that day may not.
  expect(await from('2026-02-04')).toEqual({ column: 'day', from: '2026-02-03T23:00:00.000000Z' });
  await expect(from('2026-02-05')).rejects.toThrow(/--since 2026-02-05 is yet to come/);
  expect((await plan({ 'pipeline.ts': WINDOWED })).models[1]).not.toHaveProperty('since');
});

test('--since is refused where it would empty a table, or says nothing', async () => {
  const since = '2026-01-31';
  await expect(plan({}, { since })).rejects.toThrow(/no table of this pipeline says when its rows changed/);
  const replaced = WINDOWED.replace(", { mode: 'merge' }", '');
  await expect(plan({ 'pipeline.ts': replaced }, { since })).rejects.toThrow(
    /--since 2026-01-31 would leave tables with a part[^]*orders in shop\.db: mode replace takes what is left out for gone[^]*leave --since out/,
  );
  await expect(plan({ 'pipeline.ts': WINDOWED }, { since, fullRefresh: ['orders'] })).rejects.toThrow(
    /orders: --full-refresh makes it anew of all rows/,
  );
  // Also of a table that is made of one that is left out in part.
  const summed = {
    'pipeline.ts': replaced,
    'models/daily.sql': 'SELECT day, sum(price) AS total FROM orders GROUP BY day',
  };
  const direct = summed['pipeline.ts']
    .replace("references: { day: 'daily.day' }, publish: [shop],", '')
    .replace(", check.references('day')", '');
  await expect(plan({ ...summed, 'pipeline.ts': direct }, { since })).rejects.toThrow(
    /daily in shop\.db: mode replace/,
  );
});

test('a full refresh of a table that is merged replaces it', async () => {
  const mode = async (options: RunOptions): Promise<unknown> =>
    (await plan({ 'pipeline.ts': WINDOWED }, options)).destinations[0]?.tables.map((table) => [table.name, table.mode]);
  expect(await mode({ fullRefresh: ['orders'] })).toEqual([
    ['daily', 'merge'],
    ['orders', 'replace'],
  ]);
});

test('a check with a remedy is a rule of its model, which reads what the rule looks into', async () => {
  const rules = SHOP['pipeline.ts']
    .replace("check.that('price >= 0')", "check.that('price >= 0', { remedy: 'quarantine', name: 'price' })")
    .replace("check.references('day')", "check.references('day', { remedy: 'quarantine' })")
    .replace("onePer: 'orders'", "onePer: 'orders', badRows: { failAbove: '10%' }");
  const { models, checks } = await plan({ 'pipeline.ts': rules });
  expect(models[1]).toMatchObject({ name: 'orders', inputs: ['source.orders', 'daily'], failAbove: 0.1 });
  expect(models[1]?.rules?.map(({ name }) => name)).toEqual(['price', 'not: day exists in daily']);
  expect(checks.map(({ name }) => name)).toEqual([
    'daily: day is unique and never empty',
    'orders: id is unique and never empty',
  ]);
  await expect(plan({ 'pipeline.ts': rules.replace("'price >= 0'", "'prise >= 0'") })).rejects.toThrow(
    /"prise" not found[^]*check "price"/,
  );
  await expect(
    plan({ 'pipeline.ts': rules.replace("check.that('price >= 0',", "check.unique('price',") }),
  ).rejects.toThrow(/checks\[0\]: Unrecognized key: "remedy"/);
});

test('what a check says must fit its table; ages are not asked of a sample', async () => {
  const checked = (checks: string): string =>
    SHOP['pipeline.ts'].replace("checks: [check.that('price >= 0'), check.references('day')]", `checks: [${checks}]`);
  const names = async (checks: string, options: RunOptions = {}): Promise<string[]> =>
    (await plan({ 'pipeline.ts': checked(checks) }, options)).checks.map(({ name }) => name).slice(2);
  const all = "check.notNull('price'), check.accepted('day', ['2025-01-01']), check.range('price', { atMost: 5 })";
  expect(await names(`${all}, check.fresh('day', { within: '48h' })`)).toEqual([
    'orders: price is never empty',
    'orders: day is one of 2025-01-01',
    'orders: price is at most 5',
  ]);
  expect(await names("check.fresh('day', { within: '48h', warnAfter: '1d' })", { inbox: '/in' })).toEqual([
    'orders: newest day is at most 48h old',
    'orders: newest day is at most 1d old',
  ]);
  await expect(names("check.range('price', {})")).rejects.toThrow(/checks\[0\]: a range has a limit/);
  await expect(names("check.accepted('dya', ['x'])")).rejects.toThrow(/checks\[0\]: there is no column "dya"/);
  await expect(names("check.fresh('day', { within: 'soon' })")).rejects.toThrow(/within: a duration/);
});

test('parts are part of the key, a zone is one, metrics are of what there is', async () => {
  const broken = SHOP['pipeline.ts']
    .replace("key: ['id']", "key: ['id'], partOf: ['day'], since: 'dya'")
    .replace(
      "summary: 'A shop'",
      "summary: 'A shop', metrics: { n: { source: 'oders', count: 'read' }, m: { table: 'dayly', count: 'rows' } }",
    );
  await expect(plan({ 'pipeline.ts': broken })).rejects.toThrow(
    /models\.orders\.partOf: there is no column of the key "day"[^]*models\.orders\.since: there is no column "dya"[^]*metrics\.n: there is no source "oders"[^]*metrics\.m: there is no table "dayly"/,
  );
  await expect(
    plan({
      'pipeline.ts': SHOP['pipeline.ts'].replace("summary: 'A shop'", "summary: 'A shop', timezone: 'Europe/Madird'"),
    }),
  ).rejects.toThrow(/timezone: the name of a time zone such as "Europe\/Madrid"/);
});
