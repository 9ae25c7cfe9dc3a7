import { describe, expect, test } from 'vitest';
import { runTests } from '../../../activities/model-test/run-tests.ts';
import { writePipeline } from '../../support/pipeline-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
import { SHOP, testOne, testShop } from './shop.ts';

const PASSED = { status: 'passed', problem: null, difference: null };

describe('what passes', () => {
  test.each<[string, string, string]>([
    [
      'rows in any order, by the columns that are named',
      'orders',
      "{ given: { 'source.orders': [{ id: 1, note: 'a' }, { id: 2 }] }, expect: [{ id: 2, note: null }, { id: 1, note: 'a' }] }",
    ],
    ['inputs that are not given are empty', 'orders', '{ given: {}, expect: [] }'],
    [
      'a row as often as it is expected',
      'orders',
      "{ given: { 'source.orders': [{ id: 1 }, { id: 1 }] }, expect: [{ id: 1 }, { id: 1 }] }",
    ],
    [
      'decimals by their value, beyond what a double holds',
      'orders',
      "{ given: { 'source.orders': [{ id: 1, total: '1234567890123456789012345678.0000000001' }, { id: 2, total: 12.5 }] }, expect: [{ id: 1, total: '1234567890123456789012345678.0000000001' }, { id: 2, total: '12.50' }] }",
    ],
    [
      'integers at the end of 64 bits',
      'orders',
      "{ given: { 'source.orders': [{ id: '9223372036854775807' }] }, expect: [{ id: '9223372036854775807' }] }",
    ],
    [
      'instants, in whatever zone they are written',
      'orders',
      "{ given: { 'source.orders': [{ id: 1, moment: '2025-03-30T02:30:00+02:00' }] }, expect: [{ moment: '2025-03-30T00:30:00Z' }] }",
    ],
    [
      'doubles, booleans, days and times without zone',
      'orders',
      "{ given: { 'source.orders': [{ id: 1, rate: 0.1, paid: true, day: '2025-03-30', seen: '2025-03-30 02:30' }] }, expect: [{ rate: '0.1', paid: 'true', day: '2025-03-30', seen: '2025-03-30T02:30:00.000000' }] }",
    ],
    [
      'an empty text, which is not NULL',
      'orders',
      "{ given: { 'source.orders': [{ id: 1, note: '' }, { id: 2 }] }, expect: [{ id: 1, note: '' }, { id: 2, note: null }] }",
    ],
    [
      'quotes and what SQL or JSON would obey',
      'orders',
      `{ given: { 'source.orders': [{ id: 1, note: "'); DROP TABLE x; --\\"\\\\n\\u001b" }] }, expect: [{ note: "'); DROP TABLE x; --\\"\\\\n\\u001b" }] }`,
    ],
    [
      'of one key the latest stays',
      'latest',
      "{ given: { 'source.orders': [{ id: 1, moment: '2025-01-01T10:00:00Z', note: 'late' }, { id: 1, moment: '2025-01-01T10:30:00+02:00', note: 'early' }, { id: 2 }] }, expect: [{ id: 1, note: 'late' }, { id: 2, note: null }] }",
    ],
    [
      'sums of integers, and lists as DuckDB writes them',
      'sums',
      "{ given: { 'source.orders': [{ id: 2, note: 'a' }, { id: '9223372036854775807', note: 'a' }] }, expect: [{ ids: '9223372036854775809', each: '[2, 9223372036854775807]' }] }",
    ],
    [
      'another model, in the types in which a run keeps it',
      'doubled',
      "{ given: { sums: [{ note: 'a', ids: 4 }] }, expect: [{ note: 'a', twice: 8, was: 'DECIMAL(38,0)' }] }",
    ],
    [
      'rows of a list, with their provenance',
      'qty',
      "{ given: { 'source.lists_items': [{ _parent: 'x:1', _position: 2, qty: 5 }] }, expect: [{ parent: 'x:1', position: 2, qty: 5 }] }",
    ],
    [
      'the day of the sample is today',
      'recent',
      "{ given: { 'source.orders': [{ id: 1, day: '2025-01-25' }, { id: 2, day: '2025-01-24' }] }, expect: [{ id: 1 }] }",
    ],
    [
      'another day is today',
      'recent',
      "{ asOf: '2024-02-29', given: { 'source.orders': [{ id: 1, day: '2024-02-23' }, { id: 2, day: '2024-02-22' }] }, expect: [{ id: 1 }] }",
    ],
  ])('%s', async (_claim, model, written) => {
    expect(await testOne(model, written)).toMatchObject(PASSED);
  });

  test('a column called as what every object has is NULL where it is left out', async () => {
    const { tests } = await testShop(
      {
        sums: "modelTest('claim', { given: { 'source.orders': [{ constructor: 'a' }, { id: 1 }] }, expect: [{ constructor: 'a' }, { constructor: null }] })",
      },
      {
        'pipeline.ts': SHOP['pipeline.ts']!.replace("note: 'text'", "note: 'text', constructor: 'text'"),
        'models/sums.sql': 'SELECT note, constructor FROM source.orders',
        'models/doubled.sql': 'SELECT note FROM sums',
      },
    );
    expect(tests).toMatchObject([PASSED]);
  });

  test('every test starts with empty tables, and as of its own day', async () => {
    const { tests } = await testShop({
      recent: `
        modelTest('first', { asOf: '2020-01-31', given: { 'source.orders': [{ id: 1, day: '2020-01-31' }] }, expect: [{ id: 1 }] }),
        modelTest('fails', { given: { 'source.orders': [{ id: 'x' }] }, expect: [] }),
        modelTest('second', { given: { 'source.orders': [{ id: 2, day: '2020-01-31' }] }, expect: [] }),`,
      orders: `
        modelTest('third', { given: { 'source.orders': [{ id: 3 }] }, expect: [{ id: 3 }] }),
        modelTest('fourth', { given: {}, expect: [] }),`,
    });
    expect(tests.map(({ name, status }) => [name, status])).toEqual([
      ['third', 'passed'],
      ['fourth', 'passed'],
      ['first', 'passed'],
      ['fails', 'invalid'],
      ['second', 'passed'],
    ]);
  });
});

test.each(['Europe/Madrid', 'Pacific/Auckland'])('the zone of the machine (%s) decides nothing', async (zone) => {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    const { status, difference } = await testOne(
      'orders',
      "{ given: { 'source.orders': [{ id: 1, moment: '2025-01-01T00:00:00Z', seen: '2025-01-01T00:00:00' }] }, expect: [{ moment: '2025-01-01T01:00:00+01:00', seen: '2025-01-01T01:00:00' }] }",
    );
    expect(status).toBe('failed');
    expect(difference?.missing.examples[0]?.values).toEqual({
      moment: '2025-01-01 00:00:00+00',
      seen: '2025-01-01 01:00:00',
    });
    expect(difference?.unexpected.examples[0]?.values).toEqual({
      moment: '2025-01-01 00:00:00+00',
      seen: '2025-01-01 00:00:00',
    });
  } finally {
    process.env['TZ'] = before;
  }
});

describe('what fails', () => {
  const none = { rows: 0, examples: [] };

  test('a row of the key with other values is one changed row', async () => {
    const { status, difference } = await testOne(
      'orders',
      "{ given: { 'source.orders': [{ id: 1, note: 'a', total: 1 }, { id: 2 }] }, expect: [{ id: 1, note: 'b', total: 1 }, { id: 2, note: null, total: null }] }",
    );
    expect(status).toBe('failed');
    expect(difference).toEqual({
      columns: ['id', 'total', 'note'],
      missing: none,
      unexpected: none,
      changed: { rows: 1, examples: [{ key: { id: '1' }, cells: [{ column: 'note', expected: 'b', made: 'a' }] }] },
    });
  });

  test('without the key among the columns, whole rows are missing and unexpected', async () => {
    const { difference } = await testOne(
      'orders',
      "{ given: { 'source.orders': [{ id: 1, note: 'a' }] }, expect: [{ note: 'b' }] }",
    );
    expect(difference).toEqual({
      columns: ['note'],
      missing: { rows: 1, examples: [{ values: { note: 'b' }, expected: 1, made: 0 }] },
      unexpected: { rows: 1, examples: [{ values: { note: 'a' }, expected: 0, made: 1 }] },
      changed: none,
    });
  });

  test('NULL is no value, and no other NULL of a key', async () => {
    const { difference } = await testOne(
      'sums',
      "{ given: { 'source.orders': [{ id: 1 }] }, expect: [{ note: null, ids: 2 }, { note: '', ids: 1 }] }",
    );
    expect(difference).toMatchObject({ missing: { rows: 2 }, unexpected: { rows: 1 }, changed: none });
  });

  test('a row that is made twice is not the row that was expected once', async () => {
    const { difference } = await testOne(
      'orders',
      "{ given: { 'source.orders': [{ id: 1 }, { id: 1 }, { id: 2 }] }, expect: [{ id: 1 }, { id: 2 }, { id: 2 }] }",
    );
    expect(difference).toMatchObject({
      missing: { rows: 1, examples: [{ values: { id: '2' }, expected: 2, made: 1 }] },
      unexpected: { rows: 1, examples: [{ values: { id: '1' }, expected: 1, made: 2 }] },
      changed: none,
    });
  });

  test('a key that is made twice is no changed row', async () => {
    const { difference } = await testOne(
      'orders',
      "{ given: { 'source.orders': [{ id: 1, note: 'a' }, { id: 1, note: 'b' }] }, expect: [{ id: 1, note: 'c' }] }",
    );
    expect(difference).toMatchObject({ missing: { rows: 1 }, unexpected: { rows: 2 }, changed: none });
  });

  test('none expected: all columns of what was made, ten of them', async () => {
    const given = Array.from({ length: 12 }, (_, index) => `{ id: ${index} }`).join(', ');
    const { difference } = await testOne('latest', `{ given: { 'source.orders': [${given}] }, expect: [] }`);
    expect(difference?.columns).toEqual(['id', 'moment', 'note']);
    expect(difference?.unexpected.rows).toBe(12);
    expect(difference?.unexpected.examples.map(({ values }) => values['id'])).toEqual(
      Array.from({ length: 10 }, (_, index) => String(index)),
    );
  });

  test('of decimals the last digit counts', async () => {
    const { difference } = await testOne(
      'orders',
      "{ given: { 'source.orders': [{ id: 1, total: '1234567890123456789.0000000001' }] }, expect: [{ id: 1, total: '1234567890123456789.0000000002' }] }",
    );
    expect(difference?.changed.examples[0]?.cells).toEqual([
      { column: 'total', expected: '1234567890123456789.0000000002', made: '1234567890123456789.0000000001' },
    ]);
  });

  test('SQL that does not run with these rows: its file and line, and the value', async () => {
    const { status, problem, difference } = await testOne(
      'broken',
      "{ given: { 'source.orders': [{ id: 1, note: 'five' }] }, expect: [{ id: 1, number: 5 }] }",
    );
    expect([status, difference]).toEqual(['failed', null]);
    expect(problem).toMatch(/Could not convert string 'five' to INT32.*\n +CAST\(note AS INTEGER\) AS number/);
    expect(problem).toContain('where: pipelines/shop/models/broken.sql:2');
  });
});

test('without a sample a model that reads as_of needs the day', async () => {
  const definition = SHOP['pipeline.ts']!.replace("sample: { asOf: '2025-01-31' },", '');
  const { tests } = await testShop(
    {
      recent: `modelTest('no day', { given: {}, expect: [] }), modelTest('a day', { asOf: '2025-01-31', given: {}, expect: [] })`,
    },
    { 'pipeline.ts': definition },
  );
  expect(tests.map(({ status }) => status)).toEqual(['invalid', 'passed']);
  expect(tests[0]?.problem).toContain("asOf: the model reads getvariable('as_of')");
});

test('no tests: nothing is even compiled', async () => {
  expect(await testShop({}, { 'pipeline.ts': 'not a definition' })).toEqual({
    pipeline: 'shop',
    problem: null,
    tests: [],
  });
});

test('a definition with a problem is told once, as validate tells it', async () => {
  const { problem, tests } = await testShop(
    { orders: '' },
    { 'models/latest.sql': 'SELECT id, moment, nte AS note FROM source.orders' },
  );
  expect(tests).toEqual([]);
  expect(problem).toMatch(/"nte"[^]*pipelines\/shop\/models\/latest\.sql:1/);
});

test('an abort ends it', async () => {
  const { pipelinesFolder } = await writePipeline(await temporaryFolder(), 'shop', {
    ...SHOP,
    'models/orders.sql':
      'SELECT * FROM source.orders WHERE id < (SELECT sum(a.range) FROM range(10000000) a, range(10000000) b)',
    'models/orders.test.ts':
      "import { modelTest } from 'acequia'; export default [modelTest('for ever', { given: { 'source.orders': [{ id: 1 }] }, expect: [] })];",
  });
  const controller = new AbortController();
  const running = runTests(pipelinesFolder, 'shop', quietWork(controller.signal));
  setTimeout(() => controller.abort(new Error('enough')), 1_000);
  await expect(running).rejects.toThrow('enough');
});
