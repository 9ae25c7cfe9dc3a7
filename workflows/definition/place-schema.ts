import { z } from 'zod';
import { BIGQUERY_URL, isBigQueryPlace } from './bigquery-url.ts';
import { bucketPlaceProblem, isInBucket } from './bucket-place.ts';
import { LOAD_MODES, MISSING_WAYS } from './destination.ts';
import { parseShare } from './duration.ts';
import { loadingProblems, type SaidOfLoading } from './loading-problems.ts';

/** What a definition may say of places: settings, paths, and where tables go. */

const SETTING = /^[A-Z][A-Z0-9_]*$/;

/** The name of a setting. @param example of a name that would do */
export function settingNamed(example: string): z.ZodString {
  return z.string().regex(SETTING, `the name of a setting such as "${example}" is expected`);
}

export const relativePath = z
  .string()
  .min(1)
  .refine((path) => !path.startsWith('/') && !path.split(/[\\/]/).includes('..'), {
    error: 'a path inside the folder is expected, without ".." and not starting at the root',
  });

/** Where Parquet goes: a path as others, or one in a bucket. */
const parquetPath = z.string().superRefine((path, context) => {
  const inFolder = isInBucket(path) ? undefined : relativePath.safeParse(path).error?.issues[0]?.message;
  const problem = isInBucket(path) ? bucketPlaceProblem(path) : inFolder;
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

/** Where files lie: a path, or a setting that names one. */
export const sourcePlace = z.union([
  relativePath,
  z.strictObject({ setting: settingNamed('INGESTION_SOURCE'), otherwise: relativePath.optional() }),
]);

const share = z.string().refine((text) => parseShare(text) !== undefined, 'a percentage such as "10%" is expected');

const loading = {
  mode: z.enum(LOAD_MODES).optional(),
  missing: z.enum(MISSING_WAYS).optional(),
  vanishAtMost: share.optional(),
  structure: z.enum(['evolve', 'freeze']).optional(),
};

export const settingName = z
  .string()
  .regex(SETTING, 'the name of a setting such as "WAREHOUSE_URL" is expected, never the URL itself');

/** A dataset of BigQuery. */
export const bigQueryPlace = z
  .string()
  .refine(isBigQueryPlace, `${BIGQUERY_URL} is expected, or the name of a setting such as "WAREHOUSE_DATASET"`);

export const schemaName = z.string().min(1).max(63);

export const partitionBy = z.array(z.string().min(1)).min(1).optional();

export function refuseLoadingProblems(said: SaidOfLoading, context: z.RefinementCtx): void {
  for (const { option, message } of loadingProblems(said))
    context.addIssue({ code: 'custom', path: [option], message });
}

export const fileDestinations = [
  z.strictObject({ kind: z.literal('sqlite'), path: relativePath, ...loading }),
  z.strictObject({ kind: z.literal('duckdb'), path: relativePath, ...loading }),
  z.strictObject({ kind: z.literal('parquet'), path: parquetPath, partitionBy, ...loading }),
] as const;

const destination = z
  .discriminatedUnion('kind', [
    ...fileDestinations,
    z.strictObject({ kind: z.literal('postgres'), setting: settingName, schema: schemaName.optional(), ...loading }),
    z.strictObject({
      kind: z.literal('ducklake'),
      path: relativePath,
      setting: settingName.optional(),
      partitionBy,
      ...loading,
    }),
    z.strictObject({ kind: z.literal('bigquery'), place: bigQueryPlace, ...loading }),
  ])
  .superRefine((one, context) => {
    const to = { kind: one.kind, path: 'path' in one ? one.path : '' };
    refuseLoadingProblems({ ...one, to }, context);
  });

const athenaDestination = z.strictObject({
  kind: z.literal('athena'),
  database: z.string().min(1),
  workgroup: z.string().min(1),
  staging: settingName,
  ...loading,
});

const choice = z
  .strictObject({
    kind: z.literal('choice'),
    setting: settingName,
    among: z.record(z.string().min(1), z.discriminatedUnion('kind', [destination, athenaDestination])),
    defaults: z.record(z.string().min(1), z.string()),
  })
  .superRefine(({ among, defaults }, context) => {
    const names = Object.keys(among);
    for (const [environment, name] of Object.entries(defaults)) {
      if (names.includes(name)) continue;
      const message = `is one of the destinations to choose from: ${names.join(', ')}`;
      context.addIssue({ code: 'custom', path: ['defaults', environment], message });
    }
  });

const byPlace = z
  .strictObject({
    kind: z.literal('place'),
    setting: settingName,
    otherwise: destination.optional(),
    loading: z.strictObject({ partitionBy, ...loading }),
  })
  .superRefine(({ loading: said }, context) => refuseLoadingProblems(said, context));

/** Where a table is published. */
export const writtenDestination = z.discriminatedUnion('kind', [destination, athenaDestination, choice, byPlace]);
