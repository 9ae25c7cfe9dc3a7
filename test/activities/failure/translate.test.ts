import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { withSession } from '../../../activities/duckdb/session.ts';
import { AcequiaError } from '../../../activities/failure/acequia-error.ts';
import { translateFailure } from '../../../activities/failure/translate.ts';
import { failureOf } from '../ingest/ingest-files.ts';

const translated = (error: unknown): unknown => {
  const failure = translateFailure(error);
  return failure instanceof ApplicationFailure ? [failure.type, failure.nonRetryable ? 'once' : 'again'] : failure;
};

test('what is known is tried again as its type says', () => {
  const parts = { what: 'x', remedy: 'y' };
  expect(translated(new AcequiaError('SourceEmpty', parts))).toEqual(['SourceEmpty', 'once']);
  expect(translated(new AcequiaError('DestinationBusy', parts))).toEqual(['DestinationBusy', 'again']);
});

test.each([
  ['SELECT FROM', 'Parser'],
  ['SELECT nothing', 'Binder'],
  ['SELECT * FROM nothing', 'Catalog'],
  ['CREATE TABLE t (a INTEGER, a INTEGER)', 'Catalog'],
  ['SELECT FORM 1', 'Parser'],
])('a wrong statement is not tried again: %s', async (sql, kind) => {
  const error = await failureOf(withSession(undefined, (session) => session.run(sql)));
  expect(String(error)).toContain(`${kind} Error: `);
  expect(translated(error)).toEqual(['Unexpected', 'once']);
});

test('what nobody foresaw is', async () => {
  const missing = `SELECT * FROM read_parquet('/nowhere/at/all.parquet')`;
  expect(translated(await failureOf(withSession(undefined, (session) => session.run(missing))))).toEqual([
    'Unexpected',
    'again',
  ]);
  expect(translated(new Error('no Parser Error: at its start'))).toEqual(['Unexpected', 'again']);
});
