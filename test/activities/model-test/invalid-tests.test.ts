import { describe, expect, test } from 'vitest';
import { testOne, testShop } from './shop.ts';

const order = (cells: string): string => `{ given: { 'source.orders': [{ id: 1 }, { ${cells} }] }, expect: [] }`;
const expected = (rows: string): string => `{ given: {}, expect: [${rows}] }`;

describe('names', () => {
  test.each<[string, string, string]>([
    [
      'an input that is not there',
      "{ given: { 'source.oders': [] }, expect: [] }",
      'given: models/orders.sql does not read "source.oders". Did you mean "source.orders"? It reads: source.orders',
    ],
    [
      'a source without its schema',
      '{ given: { orders: [] }, expect: [] }',
      'given: models/orders.sql does not read "orders". Did you mean "source.orders"? It reads: source.orders',
    ],
    [
      'a source that another model reads',
      "{ given: { 'source.lists': [{ id: 1 }] }, expect: [] }",
      'given: models/orders.sql does not read "source.lists". It reads: source.orders',
    ],
    [
      'a column that is not there',
      order('id: 2, totl: 1'),
      'given source.orders, row 2: there is no column "totl". Did you mean "total"? There are: id, total, rate, paid, day, seen, moment, note, _file, _line, _offset, _length',
    ],
    [
      'a column that the model does not make',
      expected('{ id: 1, nte: 1 }'),
      'expect, row 1: there is no column "nte". Did you mean "note"? There are: id, total, rate, paid, day, seen, moment, note, _file, _line, _offset, _length',
    ],
    [
      'rows that name different columns',
      expected('{ id: 1, note: 1 }, { id: 2, day: null }'),
      'expect, row 2: "note" is missing, row 1 has no "day"; all rows name the same columns',
    ],
    ['a row that names nothing', expected('{}'), 'expect, row 1: it names no column'],
  ])('%s', async (_claim, written, problem) => {
    expect(await testOne('orders', written)).toMatchObject({ status: 'invalid', problem, difference: null });
  });

  test('all that does not fit is told at once', async () => {
    const { problem } = await testOne(
      'orders',
      "{ given: { 'source.orders': [{ totl: 1 }, { totl: 2, dya: 3 }], sums: [] }, expect: [{ nte: 1 }] }",
    );
    expect(problem?.split('\n').map((line) => /"\w+"/.exec(line)?.[0])).toEqual(['"totl"', '"dya"', '"sums"', '"nte"']);
  });
});

describe('values', () => {
  const text = 'may not be what was typed, as a number holds 15 digits: write it as text, in quotes';
  test.each<[column: string, value: string, words: string]>([
    ['id', "'1.7'", '"1.7" is no BIGINT'],
    ['id', '1.7', '1.7 is no BIGINT'],
    ['id', "'007'", '"007" is no BIGINT'],
    ['id', "' 7'", '" 7" is no BIGINT'],
    ['id', "''", '"" is no BIGINT'],
    ['id', "'9223372036854775808'", '"9223372036854775808" is no BIGINT'],
    ['id', '9007199254740993', `9007199254740992 ${text}`],
    ['id', 'true', 'true is a boolean, and no BIGINT'],
    ['total', "'12.00000000001'", '"12.00000000001" is no DECIMAL(38,10)'],
    ['total', '1234567890123.4567', `1234567890123.4568 ${text}`],
    ['total', '1e-7', `1e-7 ${text}`],
    ['total', "'1,5'", '"1,5" is no DECIMAL(38,10)'],
    ['rate', "'9007199254740993'", '"9007199254740993" is no DOUBLE'],
    ['rate', "'NaN'", '"NaN" is no DOUBLE'],
    ['paid', '1', '1 is a number, and no BOOLEAN'],
    ['paid', "'yes'", '"yes" is no BOOLEAN'],
    ['day', "'2025-02-29'", '"2025-02-29" is no DATE; a day is written 2025-03-07'],
    ['day', "'2025-02-28 10:00'", '"2025-02-28 10:00" is no DATE; a day is written 2025-03-07'],
    ['day', '20250228', '20250228 is a number, and no DATE'],
    [
      'seen',
      "'2025-02-28T10:00:00Z'",
      '"2025-02-28T10:00:00Z" is no TIMESTAMP; it is written without a zone, 2025-03-07T10:00:00',
    ],
    [
      'seen',
      "'2025-02-28T10:00:00.1234567'",
      '"2025-02-28T10:00:00.1234567" is no TIMESTAMP; it is written without a zone, 2025-03-07T10:00:00',
    ],
    [
      'moment',
      "'2025-02-28T10:00:00'",
      '"2025-02-28T10:00:00" is no TIMESTAMP WITH TIME ZONE; it is written with its zone, 2025-03-07T10:00:00Z',
    ],
    ['note', '12', "12 is a number, and no VARCHAR: write '12'"],
    ['_line', "'x'", '"x" is no BIGINT'],
  ])('%s: %s', async (column, value, words) => {
    const given = await testOne('orders', order(`${column}: ${value}`));
    expect(given).toMatchObject({
      status: 'invalid',
      problem: `given source.orders, row 2, column "${column}": ${words}`,
    });
    const asExpected = await testOne('orders', expected(`{ ${column}: null }, { ${column}: ${value} }`));
    expect(asExpected).toMatchObject({ status: 'invalid', problem: `expect, row 2, column "${column}": ${words}` });
  });

  test('a type that no source has is written as DuckDB writes it', async () => {
    const given = "{ 'source.orders': [{ id: 1 }, { id: 2 }] }";
    const list = (text: string): string => `{ given: ${given}, expect: [{ each: '${text}' }] }`;
    expect(await testOne('sums', list('[1, 2]'))).toMatchObject({ status: 'passed' });
    expect(await testOne('sums', list('[1,2]'))).toMatchObject({
      status: 'invalid',
      problem: 'expect, row 1, column "each": "[1,2]" is no BIGINT[]; it is written as DuckDB writes it',
    });
  });
});

describe('what is no test', () => {
  test('each is told with its path, and the others run', async () => {
    const { tests } = await testShop({
      orders: `
        modelTest('good', { given: {}, expect: [] }),
        modelTest('a list', { given: { 'source.orders': [{ id: [1] }] }, expect: [{ id: new Date(0) }] }),
        modelTest('a typo', { gven: {}, given: {}, expect: {} }),
        modelTest('half', { given: { 'source.orders': [{ note: '\\ud800' }, { id: 1 / 0 }, { id: undefined }] }, expect: [] }),
        modelTest(' ', { asOf: 'today', given: {}, expect: [] }),
        'nothing',
        modelTest('good, too', { given: {}, expect: [] }),`,
    });
    const taken = 'is not taken: write a text, a number, true, false or null; all else is written as text';
    expect(tests.map(({ name, problem }) => [name, problem?.split('\n') ?? null])).toEqual([
      ['good', null],
      ['a list', [`given.source.orders[0].id: a list ${taken}`, `expect[0].id: a Date ${taken}`]],
      ['a typo', [expect.stringMatching(/^expect: .*array/), expect.stringMatching(/"gven"/)]],
      [
        'half',
        [
          'given.source.orders[0].note: this text holds half a character, or NUL; no table can hold it',
          `given.source.orders[1].id: Infinity ${taken}`,
          `given.source.orders[2].id: a value of the type undefined ${taken}`,
        ],
      ],
      ['[4]', ['name: some words are expected', 'asOf: a date such as "2025-12-31" is expected']],
      ['[5]', [expect.stringMatching(/^\(top\): .*object/)]],
      ['good, too', null],
    ]);
    expect(tests.map(({ where }) => where.replace(/^.*models/, 'models'))).toEqual([
      'models/orders.test.ts:4',
      ...[5, 6, 7].map((line) => `models/orders.test.ts:${line}`),
      'models/orders.test.ts',
      'models/orders.test.ts',
      'models/orders.test.ts:10',
    ]);
  });

  test.each<[string, string, RegExp]>([
    ['does not compile', 'export default [', /orders\.test\.ts:1:17: Unexpected end of file/],
    ['does I/O', "import fs from 'node:fs'; export default [fs];", /Could not resolve "node:fs"/],
    ['throws', "throw new Error('not today')", /not today/],
    ['exports nothing', 'export const tests = [];', /its default export is no list/],
  ])('a file that %s stops no other file', async (_claim, text, problem) => {
    const { tests } = await testShop(
      { sums: `modelTest('good', { given: {}, expect: [] })` },
      { 'models/orders.test.ts': text },
    );
    expect(tests.map(({ model, name, status }) => [model, name, status])).toEqual([
      ['orders', null, 'invalid'],
      ['sums', 'good', 'passed'],
    ]);
    expect(tests[0]?.problem).toMatch(problem);
    expect(tests[0]?.problem).toMatch(
      /where: .*orders\.test\.ts\n +to do: mend the file, then: npm run acequia -- test shop/,
    );
  });

  test('a file whose model is not there', async () => {
    const { tests } = await testShop({ ordres: `modelTest('lost', { given: {}, expect: [] })` });
    expect(tests).toMatchObject([{ model: 'ordres', name: null, status: 'invalid' }]);
    expect(tests[0]?.problem).toContain(
      'models/ordres.test.ts tests a model that is not there. Did you mean "orders"?',
    );
  });
});
