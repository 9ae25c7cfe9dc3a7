import { expect, test } from 'vitest';
import type { RunOptions } from '../../../workflows/definition/index.ts';
import { plan, SHOP } from './shop.ts';

/** The shop, whose orders lie where a setting says. */
function placed(place: string, options: RunOptions = {}, variables: Record<string, string> = {}) {
  const definition = SHOP['pipeline.ts'].replace("csv('orders.csv'", `csv(${place}`);
  return plan({ 'pipeline.ts': definition }, options, variables);
}

const BY_SETTING = "{ setting: 'ORDERS_SOURCE', otherwise: 'orders.csv' }";

test('a setting names a whole place: of this machine, or in a bucket; today is then the day of the run', async () => {
  const inBucket = await placed(BY_SETTING, {}, { ORDERS_SOURCE: 's3://shop/in/orders_*.csv' });
  expect(inBucket.sources[0]).toMatchObject({ path: 's3://shop/in/orders_*.csv' });
  expect(inBucket.sources[0]).not.toHaveProperty('root');
  expect(inBucket).toMatchObject({ sample: false, asOf: '2026-02-03' });
  const onDisk = await placed(BY_SETTING, {}, { ORDERS_SOURCE: '/data/orders.csv' });
  expect(onDisk.sources[0]).toMatchObject({ path: '/data/orders.csv' });
});

test('without the setting it is the file of the inbox; what a run says itself goes before settings', async () => {
  const sample = await placed(BY_SETTING);
  expect(sample.sample).toBe(true);
  expect(sample.sources[0]?.path).toMatch(/sample\/orders\.csv$/);
  const asked = await placed(BY_SETTING, { inbox: '/asked' }, { ORDERS_SOURCE: 's3://shop/in/' });
  expect(asked.sources[0]).toMatchObject({ path: '/asked/orders.csv', root: '/asked' });
});

test('where there is nothing else, the setting has to be there', async () => {
  await expect(placed("{ setting: 'ORDERS_SOURCE' }")).rejects.toMatchObject({
    type: 'SettingMissing',
    where: 'shop, source orders',
    remedy: expect.stringMatching(/^set ORDERS_SOURCE to a file[^]*s3:\/\//) as string,
  });
});

test('an inbox may be a place in a bucket, and a file may name a bucket itself', async () => {
  const inbox = await plan({}, {}, { SHOP_INBOX: 's3://shop/in box/' });
  expect(inbox.sources[0]).toMatchObject({ path: 's3://shop/in box/orders.csv', root: 's3://shop/in box/' });
  const itself = await placed("'gs://other/orders.csv'");
  expect(itself.sources[0]).toMatchObject({ path: 'gs://other/orders.csv' });
  expect(itself.sample).toBe(false);
});

test('what is uploaded goes where a setting says, and nowhere without it', async () => {
  const uploading = (of: string, variables: Record<string, string> = {}) =>
    plan(
      {
        'pipeline.ts': SHOP['pipeline.ts'].replace(
          'sources:',
          `upload: { to: 'SHOP_UPLOAD_URL', of: [${of}] }, sources:`,
        ),
      },
      {},
      variables,
    );
  expect(await uploading("shop, 'inputs'")).not.toHaveProperty('upload');
  const set = { SHOP_UPLOAD_URL: 'gs://shop/out put' };
  expect((await uploading("shop, 'inputs'", set)).upload).toEqual({
    to: 'gs://shop/out put/',
    of: ['shop.db', 'inputs'],
  });
  await expect(uploading('shop', { SHOP_UPLOAD_URL: 'https://x.org/' })).rejects.toThrow(
    /SHOP_UPLOAD_URL=https:\/\/x\.org\/ is no place in a bucket/,
  );
  await expect(uploading("sqlite('other.db')")).rejects.toThrow(/no model is published to other\.db/);
  await expect(uploading("'input'")).rejects.toThrow(/upload\.of/);
});

test.each([
  ["{ setting: 'orders' }", /sources\.orders\.path.*the name of a setting/],
  ["{ setting: 'ORDERS_SOURCE', otherwise: '../x.csv' }", /a path inside the folder is expected/],
  ["'../x.csv'", /a path inside the folder is expected/],
])('%s is no place', async (place, problem) => {
  await expect(placed(place)).rejects.toThrow(problem);
});
