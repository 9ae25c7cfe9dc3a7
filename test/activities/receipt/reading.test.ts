import { expect, test } from 'vitest';
import { readingOf } from '../../../activities/receipt/reading.ts';
import { column, fileReport, sourceReport } from '../../support/stored-run.ts';

test('files that are written alike are one kind, the most frequent first', () => {
  const files = [
    fileReport('a.csv', { dialect: '; between fields' }),
    fileReport('b.jsonl.gz', { format: 'jsonl', compression: 'gzip' }),
    fileReport('c.jsonl.gz', { format: 'jsonl', compression: 'gzip' }),
  ];
  expect(readingOf(sourceReport('orders', { files })).kinds).toEqual([
    { format: 'jsonl', compression: 'gzip', encoding: 'utf-8', dialect: '', files: 2, example: 'b.jsonl.gz' },
    { format: 'csv', compression: 'none', encoding: 'utf-8', dialect: '; between fields', files: 1, example: 'a.csv' },
  ]);
});

test('no more than 20 kinds are named', () => {
  const files = Array.from({ length: 30 }, (_, index) => fileReport(`${index}.csv`, { dialect: `${index}` }));
  expect(readingOf(sourceReport('orders', { files })).kinds).toHaveLength(20);
});

test('every column of every table, with its type and where that comes from', () => {
  const tables = [
    { name: 'orders', list: '', columns: [column('id', 'integer!', { origin: 'declared' }), column('day', 'text')] },
    { name: 'orders_items', list: 'items[]', columns: [column('id', 'integer')] },
  ];
  expect(readingOf(sourceReport('orders', { tables })).columns).toEqual([
    { table: 'orders', name: 'id', type: 'integer!', origin: 'declared' },
    { table: 'orders', name: 'day', type: 'text', origin: 'inferred' },
    { table: 'orders_items', name: 'id', type: 'integer', origin: 'inferred' },
  ]);
});
