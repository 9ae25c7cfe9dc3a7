import { z } from 'zod';
import { parsePath, VALUE_KINDS, type Term } from './mapping.ts';
import { isPattern } from './pattern.ts';

/** What a mapping may hold. Every problem is reported with its path; unknown keys are problems. */

const path = z
  .string()
  .min(1)
  .refine((text) => parsePath(text) !== undefined, {
    error: (issue) =>
      `${JSON.stringify(issue.input)} is no path; write meta.code, lines[0].qty, or "unit price".value with quotes`,
  });

const valuePath = path.refine((text) => !text.includes('[]'), 'one value is expected: lines[0], not lines[]');

const kinds = z
  .string()
  .refine((text) => text.split('|').every((kind) => VALUE_KINDS.some((known) => known === kind)), {
    error: (issue) =>
      `${JSON.stringify(issue.input)} is no kind; one of ${VALUE_KINDS.join(', ')}, or several with | between`,
  });

const paths = z.record(path, kinds);

const plain = z.union([z.string(), z.number(), z.boolean()]);

const pattern = z.string().min(1).refine(isPattern, 'a regular expression is expected');

const capturing = pattern.refine(
  (text) => groups(text) === 1,
  'exactly one group ( ) is expected, which is what is taken',
);

const condition = z
  .strictObject({
    path: valuePath,
    equals: plain.optional(),
    oneOf: z.array(plain).min(1).optional(),
    like: pattern.optional(),
    present: z.boolean().optional(),
  })
  .refine(
    ({ path: _, ...tests }) => Object.keys(tests).length === 1,
    'one of equals, oneOf, like and present is expected',
  );

const reading = {
  capture: capturing.optional(),
  lookup: z.record(z.string(), z.string()).optional(),
  otherwise: z.string().optional(),
  formats: z.array(z.string().min(1)).min(1).optional(),
  epoch: z.enum(['seconds', 'milliseconds']).optional(),
};

const whole = (read: { lookup?: unknown; otherwise?: unknown; formats?: unknown; epoch?: unknown }): boolean =>
  (read.otherwise === undefined || read.lookup !== undefined) &&
  (read.epoch === undefined || read.formats === undefined);
const SOUND = 'otherwise goes with lookup, and epoch without formats';

const term: z.ZodType<Term> = z.lazy(() =>
  z.union([
    z.strictObject({ path: valuePath, ...reading }).refine(whole, SOUND),
    z.strictObject({ row: valuePath, ...reading }).refine(whole, SOUND),
    z.strictObject({ constant: z.string() }),
    z.strictObject({ if: z.array(condition).min(1), then: term, else: term.optional() }),
    z.array(term).min(1),
  ]),
) as z.ZodType<Term>;

export const mappingSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a name of small letters, digits and - is expected, such as "payu-nested"'),
  version: z.int().min(1).max(1_000_000),
  summary: z.string().optional(),
  shape: z.strictObject({
    required: paths.refine((named) => Object.keys(named).length > 0, 'at least one path is expected'),
    optional: paths.optional(),
  }),
  when: z.array(condition).min(1).optional(),
  columns: z.record(z.string().min(1), term),
});

/** Groups that capture: a pattern that may also be nothing shows how many. */
function groups(text: string): number {
  return (new RegExp(`${text}|`, 'u').exec('')?.length ?? 1) - 1;
}
