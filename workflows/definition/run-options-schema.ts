import { z } from 'zod';
import { DESTINATION_KINDS, LOAD_MODES, MISSING_WAYS } from './destination.ts';
import { partitionBy, refuseLoadingProblems, schemaName, settingName } from './place-schema.ts';
import { contractMode, dialect, isoDate, nesting, tableName } from './schema.ts';
import { holdsPassword } from './server-url.ts';
import { ENCODINGS, FORMATS } from './source.ts';

/** What a person, or a schedule, may ask of one run. */

const copyOptions = z
  .strictObject({
    from: z.array(z.string().min(1)).min(1),
    to: z.strictObject({
      kind: z.enum(DESTINATION_KINDS),
      path: z.string().min(1),
      server: z
        .strictObject({
          setting: settingName.optional(),
          url: z
            .string()
            .min(1)
            .refine((url) => !holdsPassword(url), 'a password is never written here: name a setting, or use PGPASSWORD')
            .optional(),
          schema: schemaName.optional(),
        })
        .optional(),
    }),
    table: tableName.optional(),
    mode: z.enum(LOAD_MODES),
    missing: z.enum(MISSING_WAYS).optional(),
    vanishAtMost: z.number().min(0).max(1).optional(),
    key: z.array(z.string().min(1)),
    keepLatestBy: z.array(z.string().min(1)).min(1).optional(),
    partitionBy,
    contract: contractMode.optional(),
    declare: z.record(z.string().min(1), z.string().min(1)),
    format: z.enum(FORMATS).optional(),
    encoding: z.enum(ENCODINGS).optional(),
    dialect: dialect.optional(),
    records: z.string().min(1).optional(),
    sheet: z.string().min(1).optional(),
    nested: nesting.optional(),
  })
  .superRefine(refuseLoadingProblems);

const notBlank = z.string().regex(/\S/, 'some words are expected');

const since = z.union([isoDate, z.iso.datetime({ offset: true, local: true })], {
  error: 'a date such as "2026-01-31" or an instant such as "2026-01-31T09:00:00Z" is expected',
});

export const runOptionsSchema = z.strictObject({
  asOf: isoDate.optional(),
  since: since.optional(),
  sample: z.string().min(1).optional(),
  inbox: z.string().min(1).optional(),
  tables: z.array(z.string()).min(1).optional(),
  validateOnly: z.boolean().optional(),
  validate: z.boolean().optional(),
  fullRefresh: z.array(z.string()).min(1).optional(),
  settings: z.array(settingName).min(1).optional(),
  once: z.boolean().optional(),
  anyAge: z.boolean().optional(),
  corrections: z
    .record(
      z.string(),
      z.array(z.strictObject({ path: z.string().min(1), places: z.string().min(1).optional() })).min(1),
    )
    .optional(),
  publishAnyway: z
    .array(z.strictObject({ check: notBlank, reason: notBlank }))
    .min(1)
    .optional(),
  copy: copyOptions.optional(),
  replayOf: z
    .strictObject({ runId: z.string().regex(/^[0-9A-Za-z-]+$/), examples: z.int().min(0).max(10_000).optional() })
    .optional(),
});
