import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { confirmed } from '../../../../client/cli/clean-up/confirm.ts';

const never = new AbortController().signal;

test.each([
  ['y\n', true],
  ['Yes\n', true],
  ['n\n', false],
  ['\n', false],
  ['yesterday\n', false],
])('%j', async (typed, expected) => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = confirmed('Remove 3 files?', input, output, never);
  input.write(typed);
  expect(await answer).toBe(expected);
  expect(String(output.read())).toContain('Remove 3 files? [y/N] ');
});

test('an input that ends is a no; an interruption ends the command', async () => {
  const ending = new PassThrough();
  const answer = confirmed('Remove?', ending, new PassThrough(), never);
  ending.end();
  expect(await answer).toBe(false);
  const interrupt = new AbortController();
  const interrupted = confirmed('Remove?', new PassThrough(), new PassThrough(), interrupt.signal);
  interrupt.abort();
  await expect(interrupted).rejects.toMatchObject({ exitCode: 130 });
});
