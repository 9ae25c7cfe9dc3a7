import { describe, expect, test } from 'vitest';
import { plainArguments } from '../../../client/cli/plain-arguments.ts';
import { publishAnyway, publishAnywayWords } from '../../../client/cli/publish-anyway.ts';
import { runOptions } from '../../../client/cli/run-options.ts';
import { runOptionsSchema } from '../../../workflows/definition/run-options-schema.ts';

test('one reason is that of every check, and the words give the same again', () => {
  const typed = { publishAnyway: ['ventas: bad rows', ' fresh '], reason: '  the supplier\n confirmed it ' };
  const asked = {
    publishAnyway: [
      { check: 'ventas: bad rows', reason: 'the supplier confirmed it' },
      { check: 'fresh', reason: 'the supplier confirmed it' },
    ],
  };
  expect(publishAnyway(typed)).toEqual(asked);
  expect(runOptions([], typed, { pipelines: [], tables: [] }, '/').options).toEqual(asked);
  expect(runOptionsSchema.safeParse(asked).success).toBe(true);
  const words = ['--publish-anyway=ventas: bad rows', '--publish-anyway=fresh', '--reason=the supplier confirmed it'];
  expect(publishAnywayWords(asked)).toEqual(words);
  expect(plainArguments({ options: asked, wait: false, json: false }, 'dev', ['sales'])).toEqual([
    'sales',
    '--env=dev',
    ...words,
  ]);
});

test('who asks for nothing gets nothing', () => {
  expect(publishAnyway({})).toEqual({});
  expect(publishAnywayWords({})).toEqual([]);
});

describe('one without the other, or without words, is a mistake in the command', () => {
  test.each([
    ['no reason', { publishAnyway: ['x'] }, /needs a reason/],
    ['a blank reason', { publishAnyway: ['x'], reason: ' \n' }, /needs a reason/],
    ['no check', { reason: 'why' }, /no check is named/],
    ['a blank check', { publishAnyway: [' '], reason: 'why' }, /names no check/],
  ])('%s', (_, typed, message) => {
    expect(() => publishAnyway(typed)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) as unknown }),
    );
  });

  test.each([[[]], [[{ check: 'x', reason: ' ' }]], [[{ check: '', reason: 'y' }]], [[{ check: 'x' }]]])(
    'nor may a run that is started elsewhere ask for it: %j',
    (asked) => {
      expect(runOptionsSchema.safeParse({ publishAnyway: asked }).success).toBe(false);
    },
  );
});
