import { expect, test } from 'vitest';
import { testModels } from '../../../../client/cli/model-tests/test-models.ts';
import { writePipeline } from '../../../support/pipeline-folder.ts';
import { said } from '../../../support/said.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const SHOP = {
  'pipeline.ts': `
    import { csv, definePipeline } from 'acequia';
    export default definePipeline({
      summary: 'A shop', inbox: 'SHOP_INBOX',
      sources: { orders: csv('orders.csv', { columns: { id: 'integer!', total: 'decimal(9,2)', note: 'text' } }) },
      models: { orders: { key: ['id'] }, notes: { key: ['note'] } },
    });`,
  'models/orders.sql': 'SELECT id, total, note FROM source.orders',
  'models/notes.sql': 'SELECT note,\n  CAST(note AS INTEGER) AS number\nFROM source.orders',
};

const testsOf = (...tests: string[]): string =>
  `import { modelTest } from 'acequia';\nexport default [\n${tests.map((one) => `modelTest(${one}),`).join('\n')}\n];`;

const PASSING = "'good', { given: { 'source.orders': [{ id: 1, total: 2 }] }, expect: [{ id: 1, total: '2.00' }] }";
const FAILING = "'bad', { given: { 'source.orders': [{ id: 1, total: 2 }] }, expect: [{ id: 1, total: '2.50' }] }";
const TYPO = "'typo', { given: { 'source.ordres': [] }, expect: [] }";

type Files = Readonly<Record<string, string>>;

/** What `acequia test` says of these pipelines; their folder is called `…`. */
async function typed(pipelines: Readonly<Record<string, Files>>, named: string[] = [], json = false) {
  const folder = await temporaryFolder();
  let pipelinesFolder = folder;
  for (const [name, files] of Object.entries(pipelines))
    ({ pipelinesFolder } = await writePipeline(folder, name, { ...SHOP, ...files }));
  const { code, text } = await said(folder, () => testModels({ pipelines: named, json, pipelinesFolder }));
  return { code, text: text.replaceAll(pipelinesFolder, '…') };
}

test('all pipelines are tested where none is named, and what failed is shown', async () => {
  const { code, text } = await typed({
    shop: {
      'models/orders.test.ts': testsOf(
        PASSING,
        `'cells and rows', {
          given: { 'source.orders': [{ id: 1, total: 1, note: 'a' }, { id: 2 }, { id: 2 }, { id: 3, note: '' }] },
          expect: [{ id: 1, total: 2, note: 'b' }, { id: 2, total: null, note: null }, { id: 4, total: null, note: 'NULL' }],
        }`,
      ),
      'models/notes.test.ts': testsOf("'SQL', { given: { 'source.orders': [{ id: 1, note: 'five' }] }, expect: [] }"),
    },
    sound: { 'models/orders.test.ts': testsOf(PASSING) },
    untested: {},
  });
  expect(code).toBe(1);
  expect(text).toBe(`shop/notes: failed: SQL
  where: …/shop/models/notes.test.ts:3
  The SQL does not run: Conversion Error: Could not convert string 'five' to INT32 when casting from source column note
        CAST(note AS INTEGER) AS number
    where: pipelines/shop/models/notes.sql:2
    to do: mend the SQL; it sees the tables as source.<name> and the other models by their names
shop/orders: failed: cells and rows
  where: …/shop/models/orders.test.ts:4
  1 row expected and not made:
  ┌────┬───────┬────────┐
  │ id │ total │ note   │
  ├────┼───────┼────────┤
  │ 4  │ NULL  │ "NULL" │
  └────┴───────┴────────┘
  2 rows made and not expected:
  ┌────┬───────┬──────┬────────────────────┐
  │ id │ total │ note │ how often          │
  ├────┼───────┼──────┼────────────────────┤
  │ 2  │ NULL  │ NULL │ expected 1, made 2 │
  │ 3  │ NULL  │ ""   │ expected 0, made 1 │
  └────┴───────┴──────┴────────────────────┘
  1 row made with other values:
  ┌────┬────────┬──────────┬──────┐
  │ id │ column │ expected │ made │
  ├────┼────────┼──────────┼──────┤
  │ 1  │ total  │ 2.00     │ 1.00 │
  │ 1  │ note   │ b        │ a    │
  └────┴────────┴──────────┴──────┘
shop: 2 failed, 1 passed
sound: 1 passed
untested: no model tests
model tests: 2 failed, 2 passed
cause: shop/notes: SQL; shop/orders: cells and rows
next:  mend the model or its test, then: npm run acequia -- test shop
`);
});

test('ten rows of each kind are shown', async () => {
  const rows = 'Array.from({ length: 13 }, (_, id) => ({ id }))';
  const { text } = await typed({
    shop: { 'models/orders.test.ts': testsOf(`'many', { given: { 'source.orders': ${rows} }, expect: [] }`) },
  });
  expect(text).toContain('  13 rows made and not expected:\n');
  expect(text).toMatch(/│ 9 +│ NULL +│ NULL +│\n[^\n]*┘\n {2}… and 3 more rows\nshop: 1 failed\n/);
});

test('all pass', async () => {
  const { code, text } = await typed({ shop: { 'models/orders.test.ts': testsOf(PASSING) }, untested: {} }, ['shop']);
  expect([code, text.split('\n')]).toEqual([
    0,
    [
      'shop: 1 passed',
      'model tests: 1 passed',
      'cause: every model that is tested made the rows that were expected of it',
      'next:  npm run start-workflow shop',
      '',
    ],
  ]);
});

test.each<[string, Files, RegExp]>([
  [
    'a typo in a test',
    { 'models/orders.test.ts': testsOf(PASSING, TYPO, FAILING) },
    /^shop\/orders: cannot be run: typo\n {2}where: …\/shop\/models\/orders\.test\.ts:4\n {2}given: models\/orders\.sql does not read "source\.ordres"\. Did you mean "source\.orders"\?[^]*^shop: 1 cannot be run, 1 failed, 1 passed$[^]*^cause: shop\/orders: typo; shop\/orders: bad$/m,
  ],
  [
    'a model that is not there',
    { 'models/order.test.ts': testsOf(PASSING), 'models/orders.test.ts': testsOf(PASSING) },
    /^shop\/order: cannot be run\n {2}models\/order\.test\.ts tests a model that is not there\. Did you mean "orders"\?\n {4}where: …\/shop\/models\/order\.test\.ts\n[^]*^shop: 1 cannot be run, 1 passed$/m,
  ],
  [
    'a definition with a problem',
    { 'models/orders.test.ts': testsOf(PASSING), 'models/notes.sql': 'SELECT nte FROM source.orders' },
    /^shop: The SQL does not run: [^]*"nte"[^]*notes\.sql:1[^]*^shop: 1 cannot be run$[^]*^cause: shop: its definition has a problem$/m,
  ],
])('%s ends with 2', async (_claim, files, said) => {
  const { code, text } = await typed({ shop: files });
  expect(code).toBe(2);
  expect(text).toMatch(said);
  expect(text).toMatch(/\nnext: {2}mend the model or its test, then: npm run acequia -- test shop\n$/);
});

test('where there are no tests, it says how to write one', async () => {
  const { code, text } = await typed({ shop: {} });
  expect(code).toBe(0);
  expect(text).toContain('shop: no model tests\nA test of a model, in pipelines/shop/models/<model>.test.ts');
  expect(text).toContain("modelTest('what it claims'");
  expect(text).toMatch(
    /\nmodel tests: there are none\ncause: no file <model>\.test\.ts is in pipelines\/shop\/models\/\nnext: {2}npm run acequia -- test\n$/,
  );
  expect((await typed({ shop: {} }, [], true)).text).toBe(
    `${JSON.stringify({ passed: 0, failed: 0, invalid: 0, interrupted: false, pipelines: [{ pipeline: 'shop', problem: null, tests: [] }] }, null, 2)}\n`,
  );
});

test('--json is one document', async () => {
  const { code, text } = await typed({ shop: { 'models/orders.test.ts': testsOf(PASSING, FAILING, TYPO) } }, [], true);
  expect(code).toBe(2);
  const told = { model: 'orders', difference: null, problem: null };
  expect(JSON.parse(text)).toEqual({
    ...{ passed: 1, failed: 1, invalid: 1, interrupted: false },
    pipelines: [
      {
        ...{ pipeline: 'shop', problem: null },
        tests: [
          { ...told, name: 'good', where: '…/shop/models/orders.test.ts:3', status: 'passed' },
          {
            ...told,
            ...{ name: 'bad', where: '…/shop/models/orders.test.ts:4', status: 'failed' },
            difference: {
              columns: ['id', 'total'],
              missing: { rows: 0, examples: [] },
              unexpected: { rows: 0, examples: [] },
              changed: {
                rows: 1,
                examples: [{ key: { id: '1' }, cells: [{ column: 'total', expected: '2.50', made: '2.00' }] }],
              },
            },
          },
          {
            ...told,
            ...{ name: 'typo', where: '…/shop/models/orders.test.ts:5', status: 'invalid' },
            problem: expect.stringContaining('Did you mean "source.orders"?') as string,
          },
        ],
      },
    ],
  });
});

test('a pipeline that is not there', async () => {
  await expect(typed({ shop: {} }, ['shap'])).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('There is no pipeline "shap". Did you mean "shop"?') as string,
  });
});
