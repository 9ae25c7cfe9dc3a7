import { z } from 'zod';
import { parseColumnType } from './column.ts';
import { parsePath } from './mapping.ts';
import { schemaName, settingName } from './place-schema.ts';
import { isPattern } from './pattern.ts';

/** What a definition may say of draining. */

const columnName = z.string().min(1).max(63);

const path = z.string().refine((text) => parsePath(text) !== undefined, 'a path such as merchant.name is expected');

const type = z
  .string()
  .refine((text) => parseColumnType(text) !== undefined, 'a type of a contract is expected, such as "decimal(38,9)!"');

const column = z.union([
  type,
  z.strictObject({
    type,
    oneOf: z.array(z.string()).min(1).optional(),
    like: z.string().refine(isPattern, 'a regular expression is expected').optional(),
    row: path.optional(),
  }),
]);

const queueColumns = { id: columnName, createdAt: columnName, processed: columnName, processedAt: columnName };

const queue = z.strictObject({
  kind: z.literal('queue'),
  setting: settingName,
  table: z.string().regex(/^[^.]+(?:\.[^.]+)?$/, 'a table is written "table" or "schema.table"'),
  forms: z.array(z.strictObject({ record: columnName, beside: z.array(columnName).optional() })).min(1),
  columns: z.strictObject(queueColumns).partial().optional(),
  settings: z
    .strictObject({ table: settingName, record: settingName, ...mapped(queueColumns, settingName) })
    .partial()
    .optional(),
});

const bucket = z.strictObject({ kind: z.literal('bucket'), setting: settingName, prefix: settingName.optional() });

export const drain = z.strictObject({
  from: z
    .record(
      z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, 'a name of small letters is expected'),
      z.union([queue, bucket]),
    )
    .refine((named) => Object.keys(named).length > 0, 'at least one source is expected'),
  embedded: z
    .array(
      z.strictObject({ at: z.string(), as: z.enum(['xml', 'csv']), when: z.record(z.string(), z.string()).optional() }),
    )
    .optional(),
  into: z.strictObject({
    setting: settingName,
    schema: schemaName.optional(),
    table: z.string().min(1).max(63),
    columns: z.record(columnName, column),
    rules: z.array(z.strictObject({ name: z.string().min(1), that: z.string().min(1) })).optional(),
  }),
  poll: z.strictObject({ setting: settingName, seconds: z.int().min(1), once: settingName.optional() }).optional(),
});

function mapped<Key extends string, Value>(keys: Readonly<Record<Key, unknown>>, value: Value): Record<Key, Value> {
  return Object.fromEntries(Object.keys(keys).map((key) => [key, value])) as Record<Key, Value>;
}
