import { expect, test } from 'vitest';
import type { DestinationPlan } from '../../../workflows/definition/index.ts';
import { plan, SHOP } from './shop.ts';

/** Where the shop's table goes, published as it is written here. */
async function published(written: string, variables: Record<string, string> = {}): Promise<DestinationPlan> {
  const definition = SHOP['pipeline.ts']
    .replace('sqlite }', 'parquetFiles, placedBy, sqlite }')
    .replace("const shop = sqlite('shop.db')", `const shop = ${written}`);
  const { destinations } = await plan({ 'pipeline.ts': definition }, {}, variables);
  return destinations[0]!;
}

const BY_PLACE = "placedBy('SHOP_OUT', { otherwise: sqlite('shop.db'), mode: 'merge' })";

test.each([
  ['s3://shop/tables/', 's3://shop/tables'],
  ['gs://shop', 'gs://shop'],
  ['/data/tables/', '/data/tables'],
  [' s3://shop/a b/ ', 's3://shop/a b'],
])('what the place %s is decides the kind', async (place, path) => {
  const destination = await published(BY_PLACE, { SHOP_OUT: place });
  expect(destination).toMatchObject({
    kind: 'parquet',
    path,
    name: path,
    tables: [{ mode: 'merge' }, { mode: 'merge' }],
  });
});

test('a relative folder lies below the output folder; without the setting it is the other destination', async () => {
  const relative = await published(BY_PLACE, { SHOP_OUT: 'tables' });
  expect(relative).toMatchObject({ kind: 'parquet', path: expect.stringMatching(/\/shop\/tables$/) as string });
  const otherwise = await published(BY_PLACE);
  expect(otherwise).toMatchObject({ kind: 'sqlite', path: expect.stringMatching(/\/shop\/shop\.db$/) as string });
  expect(otherwise.tables[0]).not.toHaveProperty('mode');
});

test('a definition may name a bucket itself', async () => {
  const destination = await published("parquetFiles('s3://shop/tables/', { partitionBy: ['day'] })");
  expect(destination.tables[0]).toMatchObject({ partitionBy: ['day'] });
  expect(destination).toMatchObject({ kind: 'parquet', path: 's3://shop/tables', name: 's3://shop/tables/' });
});

test('where nothing says where it goes the setting has to be there', async () => {
  await expect(published("placedBy('SHOP_OUT')")).rejects.toMatchObject({
    type: 'SettingMissing',
    remedy: expect.stringMatching(/^set SHOP_OUT to a folder/) as string,
  });
});

test.each([
  ['postgresql://ana:geheim@db/shop', /begins with "postgresql:"/],
  ['../elsewhere', /climbs out of a folder/],
  ['s3://', /names no bucket/],
  ['s3://shop//tables', /two slashes/],
])('%s leads nowhere, and a password in it is not told', async (place, problem) => {
  const refused = published(BY_PLACE, { SHOP_OUT: place });
  await expect(refused).rejects.toMatchObject({ type: 'DefinitionInvalid' });
  await expect(refused).rejects.toThrow(problem);
  await expect(refused).rejects.not.toThrow(/geheim/);
});

test.each([
  ["parquetFiles('s3://shop/../x')", /its folders have names/],
  ["parquetFiles('../x')", /a path inside the folder is expected/],
  ["placedBy('shop_out')", /the name of a setting/],
])('%s is refused', async (written, problem) => {
  await expect(published(written)).rejects.toThrow(problem);
});
