import { z } from 'zod';
import { SEVERITIES } from './check.ts';
import { COLUMN_TYPES, parseColumnType } from './column.ts';
import { drain } from './drain-schema.ts';
import { parseDuration, parseShare } from './duration.ts';
import { SOURCE_COUNTS, TABLE_COUNTS } from './metric.ts';
import { isTimezone } from './timezone.ts';
import {
  bigQueryPlace,
  fileDestinations,
  refuseLoadingProblems,
  relativePath,
  settingName,
  settingNamed,
  sourcePlace,
  writtenDestination,
} from './place-schema.ts';
import { CONTRACT_MODES, ENCODINGS, FORMATS } from './source.ts';
import { UPLOADED_PARTS } from './upload.ts';

/** What a definition may hold. Every problem is reported with its path; unknown keys are problems. */

const columnType = z.string().refine((text) => parseColumnType(text) !== undefined, {
  error: (issue) =>
    `unknown type ${JSON.stringify(issue.input)}; a type is one of ${COLUMN_TYPES.join(', ')}, with "!" behind it when a value is required`,
});

const asciiCharacter = z
  .string()
  .refine((text) => /^[\t -~]$/.test(text), 'one character is expected, a printable ASCII one or a tab');

const column = z.union([
  columnType,
  z.strictObject({ type: columnType, formats: z.array(z.string().min(1)).optional() }),
]);

export const contractMode = z.enum(CONTRACT_MODES);

/** Options that only some kinds of files have. */
export const OPTIONS_OF: Readonly<Record<string, readonly string[]>> = {
  encoding: ['csv', 'json', 'jsonl', 'xml', 'files'],
  dialect: ['csv', 'excel', 'files'],
  records: ['json', 'xml', 'files'],
  nested: ['json', 'jsonl', 'xml', 'parquet', 'files'],
  sheet: ['excel', 'files'],
};

export const dialect = z.strictObject({
  delimiter: asciiCharacter.optional(),
  quote: z.enum(['"', "'", 'none']).optional(),
  header: z.boolean().optional(),
  comment: asciiCharacter.optional(),
});

export const nesting = z.enum(['tables', 'json']);

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as "26h" or "1d" is expected');

const badRows = z
  .strictObject({
    failAbove: z.string().refine((text) => parseShare(text) !== undefined, 'a percentage such as "1%" is expected'),
  })
  .optional();

const contract = z
  .union([
    contractMode,
    z.strictObject({
      newColumns: contractMode.optional(),
      missingColumns: contractMode.optional(),
      types: contractMode.optional(),
    }),
  ])
  .optional();

const columns = z
  .record(z.string().min(1), column)
  .refine((named) => Object.keys(named).length > 0, 'at least one column is expected');

const nestings = z.union([nesting, z.record(z.string(), nesting)]).optional();

const fileSource = z
  .strictObject({
    kind: z.enum([...FORMATS, 'files']),
    path: sourcePlace,
    columns,
    contract,
    key: z.array(z.string()).min(1).optional(),
    keepLatestBy: z.array(z.string()).min(1).optional(),
    freshWithin: duration.optional(),
    badRows,
    encoding: z.enum(ENCODINGS).optional(),
    dialect: dialect.optional(),
    records: z.string().min(1).optional(),
    nested: nestings,
    sheet: z.string().min(1).optional(),
  })
  .superRefine((value, context) => {
    for (const [option, kinds] of Object.entries(OPTIONS_OF)) {
      if (!(option in value) || kinds.includes(value.kind)) continue;
      context.addIssue({ code: 'custom', path: [option], message: `means nothing for ${value.kind} files` });
    }
    refuseLoadingProblems({ key: value.key ?? [], keepLatestBy: value.keepLatestBy }, context);
  });

const tableSource = z.strictObject({
  kind: z.literal('postgres'),
  setting: settingName,
  table: z.string().regex(/^[^.]+(?:\.[^.]+)?$/, 'a table is written "table" or "schema.table"'),
  columns,
  contract,
  key: z.array(z.string()).min(1).optional(),
  cursor: z.strictObject({ column: z.string().min(1), lag: duration.optional() }).optional(),
  badRows,
  nested: nestings,
});

const bigQuerySource = z.strictObject({
  kind: z.literal('bigquery'),
  place: bigQueryPlace,
  table: z
    .string()
    .regex(/^[^.`/]+$/, 'the name of a table is expected; project and dataset stand in the place')
    .optional(),
  columns,
  contract,
  key: z.array(z.string()).min(1).optional(),
  badRows,
  nested: nestings,
});

const source = z.discriminatedUnion('kind', [tableSource, bigQuerySource, fileSource]);

const checkOptions = {
  name: z.string().min(1).optional(),
  severity: z.enum(SEVERITIES).optional(),
  blocking: z.boolean().optional(),
};

const rowOptions = { ...checkOptions, remedy: z.literal('quarantine').optional() };

const checkValue = z.union([z.string(), z.number(), z.boolean()]);

const columnNames = z.array(z.string()).min(1);

const check = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('unique'), columns: columnNames, ...checkOptions }),
    z.strictObject({ kind: z.literal('that'), predicate: z.string().min(1), ...rowOptions }),
    z.strictObject({ kind: z.literal('references'), column: z.string().min(1), ...rowOptions }),
    z.strictObject({ kind: z.literal('not-null'), columns: columnNames, ...rowOptions }),
    z.strictObject({
      kind: z.literal('accepted'),
      column: z.string().min(1),
      values: z.array(checkValue).min(1),
      ...rowOptions,
    }),
    z.strictObject({
      kind: z.literal('range'),
      column: z.string().min(1),
      atLeast: checkValue.optional(),
      atMost: checkValue.optional(),
      ...rowOptions,
    }),
    z.strictObject({
      kind: z.literal('fresh'),
      column: z.string().min(1),
      within: duration,
      warnAfter: duration.optional(),
      ...checkOptions,
    }),
    z.strictObject({ kind: z.literal('row-count'), ...checkOptions }),
    z.strictObject({ kind: z.literal('sql'), file: z.string().min(1), ...checkOptions }),
  ])
  .superRefine((value, context) => {
    if (value.kind !== 'range' || value.atLeast !== undefined || value.atMost !== undefined) return;
    context.addIssue({ code: 'custom', message: 'a range has a limit: atLeast, atMost, or both' });
  });

const model = z.strictObject({
  from: z
    .string()
    .regex(/^source\.[^.]+$/, 'a table of a source is expected, such as "source.accounts"')
    .optional(),
  key: z.array(z.string()).min(1),
  onePer: z.string().optional(),
  references: z
    .record(z.string(), z.string().regex(/^[^.]+\.[^.]+$/, 'a reference is written "table.column"'))
    .optional(),
  indexes: z.array(z.array(z.string()).min(1)).optional(),
  checks: z.array(check).optional(),
  keepLatestBy: z.array(z.string()).min(1).optional(),
  partOf: z.array(z.string()).min(1).optional(),
  since: z.string().min(1).optional(),
  badRows,
  publish: z.array(writtenDestination).optional(),
});

const metric = z.union([
  z.strictObject({ source: z.string(), count: z.enum(SOURCE_COUNTS) }),
  z.strictObject({ table: z.string(), count: z.enum(TABLE_COUNTS) }),
]);

const view = z.strictObject({
  from: z.discriminatedUnion('kind', fileDestinations),
  as: z.enum(['rows', 'object']).optional(),
  summary: z.string().optional(),
});

const upload = z.strictObject({
  to: settingNamed('SALES_UPLOAD_URL'),
  of: z.array(z.union([z.enum(UPLOADED_PARTS), z.discriminatedUnion('kind', fileDestinations)])).min(1),
});

const timezone = z.string().refine(isTimezone, 'the name of a time zone such as "Europe/Madrid" is expected');

export const isoDate = z.iso.date('a date such as "2025-12-31" is expected');

export const tableName = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'a name of small letters, digits and _ is expected, at most 63 long');

export const pipelineSchema = z.strictObject({
  summary: z.string().min(1),
  inbox: settingNamed('SALES_INBOX').optional(),
  sample: z
    .strictObject({
      asOf: isoDate,
      made: z.array(tableName).min(1).optional(),
      databases: z.record(settingName, relativePath).optional(),
    })
    .optional(),
  failedSources: z.enum(['stop', 'go-on']).optional(),
  timezone: timezone.optional(),
  sources: z.record(tableName, source),
  models: z.record(tableName, model),
  views: z.record(relativePath, view).optional(),
  drain: drain.optional(),
  upload: upload.optional(),
  metrics: z.record(z.string().min(1), metric).optional(),
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
