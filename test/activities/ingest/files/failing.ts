import { expect } from 'vitest';

/** An `AcequiaError` of this type whose message holds all these words (regular expressions). */
export const failing = (type: string, ...words: string[]): unknown =>
  expect.objectContaining({
    type,
    message: expect.stringMatching(new RegExp(words.map((word) => `(?=[^]*${word})`).join(''))) as unknown,
  });

/** What a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}
