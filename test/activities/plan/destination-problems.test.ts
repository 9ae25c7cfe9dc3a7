import { expect, test } from 'vitest';
import { destinationProblems } from '../../../activities/plan/destination-problems.ts';
import { duckdb, parquetFiles, sqlite, type DestinationDefinition } from '../../../workflows/definition/index.ts';

const problems = (models: Record<string, DestinationDefinition[]>) =>
  destinationProblems({
    summary: 'x',
    inbox: 'X',
    sources: {},
    models: Object.fromEntries(Object.entries(models).map(([name, publish]) => [name, { key: ['id'], publish }])),
  });

test('a path is one destination', () => {
  expect(problems({ a: [sqlite('x.db')], b: [sqlite('x.db'), duckdb('y.duckdb', { mode: 'merge' })] })).toEqual([]);
  expect(problems({ a: [sqlite('x.db')], b: [duckdb('x.db')] })).toEqual([
    'models.b.publish[0]: "x.db" is a destination of kind sqlite at models.a.publish[0], and of kind duckdb here.',
  ]);
  expect(problems({ a: [sqlite('x.db'), sqlite('x.db', { mode: 'append' })] })).toEqual([
    'models.a.publish[1]: a is published to "x.db" twice.',
  ]);
});

test('a single Parquet file holds a single table', () => {
  expect(problems({ a: [parquetFiles('lake')], b: [parquetFiles('lake')] })).toEqual([]);
  expect(problems({ a: [parquetFiles('x.parquet')], b: [parquetFiles('x.parquet')] })).toEqual([
    'models.b.publish[0]: "x.parquet" is one file and holds a already; a path without .parquet is a folder.',
  ]);
});
