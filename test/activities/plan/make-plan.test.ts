import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makePlan } from '../../../activities/plan/make-plan.ts';
import type { RunOptions } from '../../../workflows/definition/index.ts';
import { planSettings, writePipeline } from '../../support/pipeline-folder.ts';
import { plan, SHOP, STARTED } from './shop.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';

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
    /daily\.sql reads "source\.oders"[^]*There are: source\.orders, daily, orders/,
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
