import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makePlan } from '../../../activities/plan/make-plan.ts';
import type { RunOptions } from '../../../workflows/definition/index.ts';
import { planSettings, writePipeline } from '../../support/pipeline-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';

const STARTED = '2026-02-03T23:30:00.000Z';

const SHOP = {
  'pipeline.ts': `
    import { check, csv, definePipeline, sqlite } from 'acequia';
    const shop = sqlite('shop.db');
    export default definePipeline({
      summary: 'A shop', inbox: 'SHOP_INBOX', sample: { asOf: '2025-01-31' },
      sources: { orders: csv('orders.csv', { columns: { id: 'integer!', day: 'date!', price: 'decimal(9,2)' }, freshWithin: '1d' }) },
      models: {
        daily: { key: ['day'], publish: [shop] },
        orders: { key: ['id'], onePer: 'orders', references: { day: 'daily.day' }, publish: [shop],
                  checks: [check.that('price >= 0'), check.references('day')] },
      },
    });`,
  'models/orders.sql': 'SELECT id, day, price FROM source.orders;',
  'models/daily.sql': 'WITH o AS (FROM source.orders)\nSELECT day, sum(price) AS total FROM o GROUP BY day',
};

async function plan(
  files: Partial<typeof SHOP> & Record<string, string> = {},
  options: RunOptions = {},
  variables: Record<string, string> = {},
) {
  const settings = await writePipeline(await temporaryFolder(), 'shop', { ...SHOP, ...files });
  return makePlan('shop', options, STARTED, { ...settings, variables }, quietWork());
}

test('a plan has its inputs parsed, its models in order, its sample dated and its checks compiled', async () => {
  const made = await plan();
  expect(made.models.map(({ name, inputs }) => [name, inputs])).toEqual([
    ['daily', ['source.orders']],
    ['orders', ['source.orders']],
  ]);
  expect(made).toMatchObject({ asOf: '2025-01-31', sample: true, environment: 'dev' });
  expect(made.sources[0]?.freshWithinMs).toBeUndefined();
  expect(made.checks.map(({ name, blocking }) => [name, blocking])).toEqual([
    ['daily: day is unique and never empty', true],
    ['orders: id is unique and never empty', true],
    ['orders: price >= 0', true],
    ['orders: day exists in daily', true],
  ]);
  expect(made.destinations[0]?.tables.map(({ name }) => name)).toEqual(['daily', 'orders']);
  expect(made.destinations[0]?.tables[1]?.columns).toEqual([
    { name: 'id', type: 'BIGINT' },
    { name: 'day', type: 'DATE' },
    { name: 'price', type: 'DECIMAL(9,2)' },
  ]);
});

test('the same definition gives the same digest, another SQL another one', async () => {
  const settings = await writePipeline(await temporaryFolder(), 'shop', SHOP);
  const make = () => makePlan('shop', {}, STARTED, settings, quietWork());
  const [first, second] = [await make(), await make()];
  expect(second.digest).toBe(first.digest);
  expect(
    (await plan({ 'models/orders.sql': 'SELECT id, day, price + 1 AS price FROM source.orders' })).digest,
  ).not.toBe(first.digest);
});

test("an inbox of one's own: files may not be old, and today is the day the run started", async () => {
  const made = await plan({}, {}, { SHOP_INBOX: '/data/inbox' });
  expect(made).toMatchObject({ asOf: '2026-02-03', sample: false });
  expect(made.sources[0]).toMatchObject({ path: '/data/inbox/orders.csv', freshWithinMs: 86_400_000 });
  expect((await plan({}, { inbox: '/other', anyAge: true })).sources[0]).toEqual(
    expect.not.objectContaining({ freshWithinMs: expect.anything() as unknown }),
  );
});

test('production takes no sample', async () => {
  const settings = {
    ...(await writePipeline(await temporaryFolder(), 'shop', SHOP)),
    environment: 'prod',
    defaults: false,
  };
  await expect(makePlan('shop', {}, STARTED, settings, quietWork())).rejects.toMatchObject({
    type: 'SettingMissing',
    message: expect.stringMatching(/--inbox, the setting SHOP_INBOX, the sample \(not used in prod\)/) as string,
  });
});

test('asked for one table, a plan holds what that table reads and refers to', async () => {
  expect((await plan({}, { tables: ['orders'] })).models.map(({ name }) => name)).toEqual(['daily', 'orders']);
  expect((await plan({}, { tables: ['daily'] })).models.map(({ name }) => name)).toEqual(['daily']);
  await expect(plan({}, { tables: ['ordres'] })).rejects.toThrow(
    /no table "ordres"\. Did you mean "orders"\?[^]*Tables of this pipeline: daily, orders/,
  );
});

test('options that nobody checked before are refused, all at once', async () => {
  const typed = { tables: 'orders', asOf: 'today', table: ['orders'] } as unknown as RunOptions;
  await expect(plan({}, typed)).rejects.toMatchObject({
    type: 'DefinitionInvalid',
    message: expect.stringMatching(/asOf: [^]*tables: [^]*"table"/) as string,
  });
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'an unknown column in a model',
    { 'models/orders.sql': 'SELECT id,\n  dya, price\nFROM source.orders' },
    /"dya"[^]*dya, price[^]*pipelines\/shop\/models\/orders\.sql:2/,
  ],
  [
    'SQL that cannot be parsed',
    { 'models/daily.sql': 'SELECT day,\nFRM source.orders' },
    /cannot be read[^]*daily\.sql:2/,
  ],
  [
    'an unknown source',
    { 'models/daily.sql': 'SELECT day FROM source.oders' },
    /daily\.sql reads "source\.oders"[^]*there are: source\.orders, daily, orders/,
  ],
  ['a model nobody names', { 'models/extra.sql': 'SELECT 1 AS one' }, /says nothing of models\/extra\.sql/],
  [
    'a circle',
    { 'models/daily.sql': 'SELECT day FROM orders', 'models/orders.sql': 'SELECT 1 AS id, day, 1 AS price FROM daily' },
    /circle: daily → orders → daily/,
  ],
  ['two statements', { 'models/daily.sql': 'SELECT 1 AS day; SELECT 2 AS day' }, /one SELECT statement; here are 2/],
])('a definition with %s is refused with its place', async (_, files, message) => {
  await expect(plan(files)).rejects.toMatchObject({
    type: 'DefinitionInvalid',
    message: expect.stringMatching(message) as string,
  });
});

test('a missing model file is named', async () => {
  const { 'models/daily.sql': _, ...files } = SHOP;
  const settings = await writePipeline(await temporaryFolder(), 'shop', files);
  await expect(makePlan('shop', {}, STARTED, settings, quietWork())).rejects.toThrow(/models\/daily\.sql is missing/);
});

test('every problem of a definition is told at once, each with its path', async () => {
  const broken = SHOP['pipeline.ts']
    .replace("'integer!'", "'integr!'")
    .replace("'1d'", "'soon'")
    .replace("summary: 'A shop'", "summary: 'A shop', sumary: ''");
  await expect(plan({ 'pipeline.ts': broken })).rejects.toThrow(
    /3 problems[^]*sources\.orders\.columns\.id: unknown type "integr!"[^]*sources\.orders\.freshWithin: a duration[^]*"sumary"/,
  );
});

test('names that do not fit together are told with what there is', async () => {
  const broken = SHOP['pipeline.ts']
    .replace("key: ['id']", "key: ['idd']")
    .replace("'daily.day'", "'daly.day'")
    .replace("onePer: 'orders'", "onePer: 'order'");
  await expect(plan({ 'pipeline.ts': broken })).rejects.toThrow(
    /models\.orders\.key: there is no column "idd"\. Did you mean "id"\?[^]*onePer: there is no source "order"[^]*references\.day: there is no table "daly"/,
  );
});

test('what decides between rows of one key must be there, and is part of the plan', async () => {
  const ordered = (source: string, model: string): string =>
    SHOP['pipeline.ts']
      .replace("csv('orders.csv', {", `csv('orders.csv', { key: ['id'], keepLatestBy: ['${source}'],`)
      .replace("onePer: 'orders'", `onePer: 'orders', keepLatestBy: ['${model}', 'id']`);
  const made = await plan({ 'pipeline.ts': ordered('price', 'day') });
  expect(made.sources[0]).toMatchObject({ key: ['id'], keepLatestBy: ['price'] });
  expect(made.models[1]).toMatchObject({ name: 'orders', key: ['id'], keepLatestBy: ['day', 'id'] });
  expect(made.models[0]).not.toHaveProperty('keepLatestBy');
  await expect(plan({ 'pipeline.ts': ordered('prise', 'dya') })).rejects.toThrow(
    /sources\.orders\.keepLatestBy: there is no column "prise"\. Did you mean "price"\?[^]*models\.orders\.keepLatestBy: there is no column "dya"\. Did you mean "day"\?/,
  );
  await expect(
    plan({ 'pipeline.ts': ordered('price', 'day').replace("key: ['id'], keepLatestBy", 'keepLatestBy') }),
  ).rejects.toThrow(/sources\.orders\.keepLatestBy: means nothing without a key/);
});

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
    /orders in shop\.db: mode replace would take what --since 2026-01-31 leaves out for gone/,
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

test('partitions are by columns that are there, and not of one file', async () => {
  const to = (place: string): string =>
    SHOP['pipeline.ts'].replace("sqlite('shop.db')", place).replace('sqlite }', 'parquetFiles }');
  expect(
    (await plan({ 'pipeline.ts': to("parquetFiles('lake', { partitionBy: ['day'] })") })).destinations[0]?.tables[0],
  ).toMatchObject({ partitionBy: ['day'] });
  await expect(plan({ 'pipeline.ts': to("parquetFiles('lake', { partitionBy: ['dya'] })") })).rejects.toThrow(
    /models\.orders\.publish\[0\]\.partitionBy: there is no column "dya"\. Did you mean "day"/,
  );
  await expect(plan({ 'pipeline.ts': to("parquetFiles('x.parquet', { partitionBy: ['day'] })") })).rejects.toThrow(
    /publish\[0\]\.partitionBy: needs a folder/,
  );
});

test('a syntax error in TypeScript is told with file, line and column', async () => {
  await expect(plan({ 'pipeline.ts': 'export default {\n  a: ,\n};' })).rejects.toThrow(/pipeline\.ts:2:\d+/);
});

test('an unknown pipeline is told with those there are', async () => {
  const settings = planSettings(await temporaryFolder(), join(process.cwd(), 'pipelines'));
  await expect(makePlan('salse', {}, STARTED, settings, quietWork())).rejects.toThrow(
    /no pipeline "salse"\. Did you mean "sales"\?/,
  );
});
