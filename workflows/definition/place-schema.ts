import { z } from 'zod';
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

export const schemaName = z.string().min(1).max(63);

export const partitionBy = z.array(z.string().min(1)).min(1).optional();

export function refuseLoadingProblems(said: SaidOfLoading, context: z.RefinementCtx): void {
  for (const { option, message } of loadingProblems(said))
    context.addIssue({ code: 'custom', path: [option], message });
}

export const fileDestinations = [
  z.strictObject({ kind: z.literal('sqlite'), path: relativePath, ...loading }),
  z.strictObject({ kind: z.literal('duckdb'), path: relativePath, ...loading }),
  z.strictObject({ kind: z.literal('parquet'), path: relativePath, partitionBy, ...loading }),
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

/** Where a table is published. */
export const writtenDestination = z.discriminatedUnion('kind', [destination, athenaDestination, choice]);
