import { runTests } from '../../../activities/model-test/run-tests.ts';
import type { PipelineTests, TestResult } from '../../../activities/model-test/test-result.ts';
import { writePipeline } from '../../support/pipeline-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';

/** A pipeline with every type of column, a list inside records, and a model that keeps the latest row of a key. */
export const SHOP: Readonly<Record<string, string>> = {
  'pipeline.ts': `
    import { csv, definePipeline, jsonl } from 'acequia';
    export default definePipeline({
      summary: 'A shop', inbox: 'SHOP_INBOX', sample: { asOf: '2025-01-31' },
      sources: {
        orders: csv('orders.csv', { columns: {
          id: 'integer!', total: 'decimal(38,10)', rate: 'double', paid: 'boolean', day: 'date', seen: 'timestamp',
          moment: 'timestamptz', note: 'text' } }),
        lists: jsonl('lists.jsonl', { columns: { id: 'integer!', 'items[].qty': 'integer' } }),
      },
      models: {
        orders: { key: ['id'] },
        latest: { key: ['id'], keepLatestBy: ['moment'] },
        sums: { key: ['note'] },
        doubled: { key: ['note'] },
        qty: { key: ['parent', 'position'] },
        recent: { key: ['id'] },
        broken: { key: ['id'] },
      },
    });`,
  'models/orders.sql': 'SELECT * FROM source.orders;',
  'models/latest.sql': 'SELECT id, moment, note FROM source.orders',
  'models/sums.sql': 'SELECT note, sum(id) AS ids, list(id ORDER BY id) AS each FROM source.orders GROUP BY note',
  'models/doubled.sql': 'SELECT note, ids * 2 AS twice, typeof(ids) AS was FROM sums',
  'models/qty.sql': 'SELECT _parent AS parent, _position AS position, qty FROM source.lists_items',
  'models/recent.sql': "SELECT id FROM source.orders WHERE day > getvariable('as_of') - 7",
  'models/broken.sql': 'SELECT id,\n  CAST(note AS INTEGER) AS number\nFROM source.orders',
};

/** Runs the tests of a shop with these files besides; `tests`: model → the elements of the list that its file exports. */
export async function testShop(
  tests: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): Promise<PipelineTests> {
  const written = Object.entries(tests).map(([model, list]) => [
    `models/${model}.test.ts`,
    `import { modelTest } from 'acequia';\nexport default [\n${list}\n];`,
  ]);
  const { pipelinesFolder } = await writePipeline(await temporaryFolder(), 'shop', {
    ...SHOP,
    ...(Object.fromEntries(written) as Record<string, string>),
    ...files,
  });
  return runTests(pipelinesFolder, 'shop', quietWork());
}

/** The one test of one model. */
export async function testOne(model: string, test: string): Promise<TestResult> {
  const { problem, tests } = await testShop({ [model]: `modelTest('claim', ${test})` });
  const [only] = tests;
  if (!only || tests.length > 1) throw new Error(problem ?? `${tests.length} results`);
  return only;
}
