import { z } from 'zod';
import { SEVERITIES } from './check.ts';
import { COLUMN_TYPES, parseColumnType } from './column.ts';
import { parseDuration, parseShare } from './duration.ts';

/** What a definition may hold. Every problem is reported with its path; unknown keys are problems. */

const columnType = z.string().refine((text) => parseColumnType(text) !== undefined, {
  error: (issue) =>
    `unknown type ${JSON.stringify(issue.input)}; a type is one of ${COLUMN_TYPES.join(', ')}, with "!" behind it when a value is required`,
});

const column = z.union([
  columnType,
  z.strictObject({ type: columnType, formats: z.array(z.string().min(1)).optional() }),
]);

const relativePath = z
  .string()
  .min(1)
  .refine((path) => !path.startsWith('/') && !path.split(/[\\/]/).includes('..'), {
    error: 'a path inside the folder is expected, without ".." and not starting at the root',
  });

const csvSource = z.strictObject({
  kind: z.literal('csv'),
  path: relativePath,
  columns: z
    .record(z.string().min(1), column)
    .refine((columns) => Object.keys(columns).length > 0, 'at least one column is expected'),
  key: z.array(z.string()).min(1).optional(),
  freshWithin: z
    .string()
    .refine((text) => parseDuration(text) !== undefined, 'a duration such as "26h" or "1d" is expected')
    .optional(),
  badRows: z
    .strictObject({
      failAbove: z.string().refine((text) => parseShare(text) !== undefined, 'a percentage such as "1%" is expected'),
    })
    .optional(),
  newColumns: z.enum(['warn', 'fail']).optional(),
  dialect: z
    .strictObject({ delimiter: z.enum([',', ';', '\t', '|']).optional(), quote: z.enum(['"', "'"]).optional() })
    .optional(),
});

const checkOptions = {
  name: z.string().min(1).optional(),
  severity: z.enum(SEVERITIES).optional(),
  blocking: z.boolean().optional(),
};

const check = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unique'), columns: z.array(z.string()).min(1), ...checkOptions }),
  z.strictObject({ kind: z.literal('that'), predicate: z.string().min(1), ...checkOptions }),
  z.strictObject({ kind: z.literal('references'), column: z.string().min(1), ...checkOptions }),
  z.strictObject({ kind: z.literal('sql'), file: z.string().min(1), ...checkOptions }),
]);

const destination = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('sqlite'), path: relativePath })]);

const model = z.strictObject({
  key: z.array(z.string()).min(1),
  onePer: z.string().optional(),
  references: z
    .record(z.string(), z.string().regex(/^[^.]+\.[^.]+$/, 'a reference is written "table.column"'))
    .optional(),
  indexes: z.array(z.array(z.string()).min(1)).optional(),
  checks: z.array(check).optional(),
  publish: z.array(destination).optional(),
});

const view = z.strictObject({
  from: destination,
  as: z.enum(['rows', 'object']).optional(),
  summary: z.string().optional(),
});

const isoDate = z.iso.date('a date such as "2025-12-31" is expected');

const tableName = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'a name of small letters, digits and _ is expected, at most 63 long');

export const pipelineSchema = z.strictObject({
  summary: z.string().min(1),
  inbox: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'the name of a setting such as "SALES_INBOX" is expected'),
  sample: z.strictObject({ asOf: isoDate }).optional(),
  sources: z.record(tableName, csvSource),
  models: z.record(tableName, model),
  views: z.record(relativePath, view).optional(),
});

export const runOptionsSchema = z.strictObject({
  asOf: isoDate.optional(),
  inbox: z.string().min(1).optional(),
  tables: z.array(z.string()).min(1).optional(),
  validateOnly: z.boolean().optional(),
  fullRefresh: z.array(z.string()).min(1).optional(),
  anyAge: z.boolean().optional(),
});

/** One line per problem: the path as one would write it, and what is wrong there. */
export function describeProblems(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${pathText(issue.path)}: ${unionless(issue)}`);
}

/** Of a union, the problems of the branch that came closest say more than "invalid input". */
function unionless(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue.message;
  const closest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? [];
  return closest
    .map((inner) => (inner.path.length ? `${pathText(inner.path)}: ${inner.message}` : inner.message))
    .join('; ');
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'custom' ? 1 : 0)));
}

function pathText(path: readonly PropertyKey[]): string {
  return (
    path
      .map((key, index) => (typeof key === 'number' ? `[${key}]` : index ? `.${String(key)}` : String(key)))
      .join('') || '(top)'
  );
}
