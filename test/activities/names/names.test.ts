import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnNames, matchColumns, tableName } from '../../../activities/names/names.ts';

const named = (...originals: string[]): string[] => columnNames(originals).map(({ name }) => name);

describe('a column is named', () => {
  test.each([
    ['order_id', 'order_id'],
    ['Order ID', 'order_id'],
    ['orderId', 'order_id'],
    ['ORDER-ID', 'order_id'],
    ['  order  (id) ', 'order_id'],
    ['HTTPStatus', 'http_status'],
    ['ISO3166CODE', 'iso3166_code'],
    ['Año', 'ano'],
    ['Straße', 'strasse'],
    ['Łódź', 'lodz'],
    ['Ǽ', 'ae'],
    ['Ǿre', 'ore'],
    ['N.º', 'n_o'],
    ['İl', 'il'],
    ['Ｎａｍｅ', 'name'],
    ['Цена, руб.', 'цена_руб'],
    ['価格', '価格'],
    ['कीमत', 'कीमत'],
    ['1st', '_1st'],
    ['2024', '_2024'],
    ['_id', 'id'],
    ['_line', 'line'],
    ['__acequia_load', 'acequia_load'],
    ['a__b', 'a_b'],
    ['', 'column_1'],
    ['€ %', 'column_1'],
    ['🙂', 'column_1'],
    ["x'); DROP TABLE y;--", 'x_drop_table_y'],
  ])('%s → %s', (original, name) => {
    expect(named(original)).toEqual([name]);
  });

  test('and every change is told', () => {
    expect(columnNames(['id', 'ID', '', '_file', 'Id!', 'Total €'])).toEqual([
      { original: 'id', name: 'id' },
      { original: 'ID', name: 'id_2', why: 'column 1 is id already' },
      { original: '', name: 'column_3', why: 'it has no name' },
      { original: '_file', name: 'file', why: 'names that begin with _ are kept for provenance' },
      { original: 'Id!', name: 'id_3', why: 'column 1 is id already' },
      { original: 'Total €', name: 'total', why: 'written in snake case' },
    ]);
  });

  test('and those that clash are told apart, the one that is spelled so keeping the name', () => {
    expect(named('A', 'a', 'a_2')).toEqual(['a_3', 'a', 'a_2']);
    expect(named('x', 'X', 'X 2')).toEqual(['x', 'x_3', 'x_2']);
    expect(named('id', 'id', 'id')).toEqual(['id', 'id_2', 'id_3']);
    expect(named('', 'column_1')).toEqual(['column_1_2', 'column_1']);
    expect(columnNames(['Id', 'b'], ['ID']).map(({ name }) => name)).toEqual(['id_2', 'b']);
  });

  test('within 63 bytes, and long ones stay apart', () => {
    const long = 'x'.repeat(100);
    const [a = '', b = '', c = ''] = named(`${long}a`, `${long}b`, `${long}a`);
    for (const name of [a, b, c]) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
    expect(new Set([a, b, c]).size).toBe(3);
    expect(a).toMatch(/^x{54}_[0-9a-f]{8}$/);
    expect(columnNames([`${long}a`])[0]?.why).toBe('longer than 63 bytes');
    expect(Buffer.byteLength(named('价'.repeat(50))[0] ?? '')).toBeLessThanOrEqual(63);
  });
});

const word = fc.oneof(
  fc.constantFrom(
    '',
    'id',
    'Id',
    'ID',
    'id_2',
    'id 2',
    '_id',
    'column_2',
    'column_1_2',
    '1',
    '_1',
    '_line',
    'İ',
    'ŉ',
    'ǅ',
    'ΟΔΟΣ',
    'ﬁ',
    '²',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...Array.from('aAbB1_ é-')), maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('a', 'B', '_', 'é', '价', '\u0301'), minLength: 50, maxLength: 90 }),
);

test('names are valid, different, the same every time, and come out of themselves unchanged', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (originals) => {
      const made = columnNames(originals);
      const names = made.map(({ name }) => name);
      expect(made.map(({ original }) => original)).toEqual(originals);
      expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
      for (const [index, { name, original, why }] of made.entries()) {
        expect(name).toMatch(/^(_\p{N}|[\p{L}\p{M}])[\p{L}\p{N}\p{M}_]*$/u);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
        expect(why === undefined, String(index)).toBe(name === original);
      }
      expect(columnNames(names)).toEqual(names.map((name) => ({ name, original: name })));
    }),
    { numRuns: 2000, examples: [[['Ǽ']]] },
  );
});

test('a table is named likewise', () => {
  expect(tableName('Ventas 2024-01')).toBe('ventas_2024_01');
  expect(tableName('2024')).toBe('_2024');
  expect(tableName('…')).toBe('table');
  fc.assert(
    fc.property(word, (stem) => {
      expect(tableName(tableName(stem))).toBe(tableName(stem));
    }),
  );
});

describe('a contract finds its columns in a header', () => {
  test.each<[string, string[], string[], (number | undefined)[]]>([
    ['by their exact names', ['b', 'a'], ['a', 'b', 'c'], [1, 0]],
    ['by names that mean the same', ['order_id', 'Total'], ['TOTAL', 'Order ID'], [1, 0]],
    ['the exact one first', ['id', 'ID'], ['ID', 'id'], [1, 0]],
    ['not one that is missing', ['a', 'b'], ['b'], [undefined, 0]],
    ['not one of two that could be meant', ['order_id'], ['Order ID', 'order-id'], [undefined]],
    ['not for two that could be meant', ['Order ID', 'order-id'], ['order_id'], [undefined, undefined]],
    ['not one that stands there twice', ['id'], ['id', 'id'], [undefined]],
    ['but both of them by the names they get', ['id', 'id_2'], ['id', 'id'], [0, 1]],
    ['or one by its exact name', ['id'], ['ID', 'id'], [1]],
    ['a nameless one by its position', ['column_2'], ['a', ''], [1]],
    ['and nothing by no name', ['', '€'], ['', '%'], [undefined, undefined]],
  ])('%s', (_, contract, header, expected) => {
    expect(matchColumns(contract, header)).toEqual(expected);
  });

  test('whatever file it was made from', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (header) => {
        const contract = columnNames(header).map(({ name }) => name);
        expect(matchColumns(contract, header)).toEqual(header.map((_, index) => index));
      }),
      { numRuns: 1000 },
    );
  });
});
