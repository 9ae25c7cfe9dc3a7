import { expect, test } from 'vitest';
import { publishedTables } from '../../workflows/published-tables.ts';
import { ingested } from '../support/example-run.ts';

const source = {
  ...ingested('orders'),
  tables: [
    { name: 'orders', rows: 2, uris: ['file:///lake/orders'] },
    { name: 'orders_items', rows: 5, uris: ['file:///lake/items'] },
  ],
};
const made = [{ name: 'orders', rows: 1, uris: ['file:///lake/model'] }];
const destination = { name: 'x', kind: 'duckdb', path: '/x' } as const;

test('a table of the plan is a model, even where a source has its name', () => {
  const table = { name: 'orders', columns: [], key: [], references: [], indexes: [] };
  expect(publishedTables({ ...destination, tables: [table] }, [source], made)).toEqual({
    destination: { ...destination, tables: [table] },
    tables: made,
  });
});

test('where what was staged is published, every table of a source is, and its lists by their place', () => {
  const staged = { mode: 'append', key: ['id'], partitionBy: ['day'] } as const;
  const published = publishedTables({ ...destination, tables: [], staged }, [source], []);
  expect(published.tables).toEqual(source.tables);
  expect(published.destination.tables).toMatchObject([
    { name: 'orders', from: 'source', mode: 'append', key: ['id'], partitionBy: ['day'] },
    { name: 'orders_items', from: 'source', mode: 'append', key: ['_parent', '_position'] },
  ]);
  expect(published.destination.tables[1]).not.toHaveProperty('partitionBy');
  expect(published.destination).not.toHaveProperty('staged');
});
