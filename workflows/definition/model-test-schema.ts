import { z } from 'zod';

/** What a test of a model may hold. Whether it fits the tables is another question. */

const value = z.unknown().superRefine((input, context) => {
  const message = valueProblem(input);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

const rows = z.array(z.record(z.string(), value));

export const modelTestSchema = z.strictObject({
  name: z.string().regex(/\S/, 'some words are expected'),
  asOf: z.iso.date('a date such as "2025-12-31" is expected').optional(),
  given: z.record(z.string(), rows),
  expect: rows,
  quarantined: z.record(z.string(), z.int().min(0)).optional(),
});

function valueProblem(input: unknown): string | undefined {
  if (typeof input === 'string')
    return /\p{Surrogate}|\0/u.test(input)
      ? 'this text holds half a character, or NUL; no table can hold it'
      : undefined;
  if (input === null || typeof input === 'boolean' || Number.isFinite(input)) return undefined;
  const kind =
    input instanceof Date ? 'a Date' : Array.isArray(input) ? 'a list' : `a value of the type ${typeof input}`;
  return `${typeof input === 'number' ? String(input) : kind} is not taken: write a text, a number, true, false or null; all else is written as text`;
}
