import { wholePlace } from '../../activities/files/source-place.ts';
import type { RunOptions } from '../../workflows/definition/index.ts';
import { usageError } from './command-error.ts';
import type { TypedCopyOptions } from './copy/typed.ts';
import type { ProjectNames } from './project-names.ts';
import { publishAnyway, type TypedPublishAnyway } from './publish-anyway.ts';

/** Flags as commander hands them over. */
export interface TypedOptions extends TypedCopyOptions, TypedPublishAnyway {
  readonly env?: string;
  readonly tables?: readonly string[];
  readonly fullRefresh?: readonly string[];
  readonly asOf?: string;
  readonly inbox?: string;
  readonly since?: string;
  readonly sample?: string;
  readonly validateOnly?: boolean;
  readonly validate?: boolean;
  readonly anyAge?: boolean;
  readonly once?: boolean;
  readonly detach?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly fromRun?: string;
  readonly source?: string;
  readonly limit?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly markdown?: boolean;
  readonly diff?: boolean;
  readonly pipeline?: string;
  readonly id?: string;
}

/**
 * The part of the flags that goes into the plan.
 *
 * @param folder where the person stood when typing: relative paths count from there, not from where npm went
 * @throws CommandError (exit 2) for a date that is none, or an override without a reason
 */
export function runOptions(
  pipelines: readonly string[],
  typed: TypedOptions,
  project: ProjectNames,
  folder: string,
): { readonly pipelines: string[]; readonly options: RunOptions } {
  const { asOf, inbox, since, sample } = typed;
  if (asOf !== undefined && !isDate(asOf)) {
    throw usageError(`--as-of "${asOf}" is no date.`, 'write the day as YYYY-MM-DD, for example --as-of 2025-01-31');
  }
  if (since !== undefined && !isMoment(since)) {
    throw usageError(
      `--since "${since}" is neither a date nor an instant.`,
      'write a day as YYYY-MM-DD or an instant in ISO, for example --since 2026-01-31 or --since 2026-01-31T09:00:00Z',
    );
  }
  // A list swallows the words behind it; those that can only be pipelines are given back.
  const isPipeline = (name: string): boolean => project.pipelines.includes(name) && !project.tables.includes(name);
  const swallowed = [...(typed.tables ?? []), ...(typed.fullRefresh ?? [])].filter(isPipeline);
  const tables = typed.tables?.filter((name) => !isPipeline(name)) ?? [];
  const fullRefresh = typed.fullRefresh?.filter((name) => !isPipeline(name)) ?? [];
  return {
    pipelines: [...pipelines, ...swallowed],
    options: {
      ...(asOf === undefined ? {} : { asOf }),
      ...(inbox === undefined ? {} : { inbox: wholePlace(inbox, folder) }),
      ...(since === undefined ? {} : { since }),
      ...(sample === undefined ? {} : { sample }),
      ...(tables.length > 0 ? { tables: [...new Set(tables)] } : {}),
      ...(fullRefresh.length > 0 ? { fullRefresh: [...new Set(fullRefresh)] } : {}),
      ...(typed.validateOnly ? { validateOnly: true } : {}),
      ...(typed.validate ? { validate: true } : {}),
      ...(typed.anyAge ? { anyAge: true } : {}),
      ...(typed.once ? { once: true } : {}),
      ...publishAnyway(typed),
    },
  };
}

/** A date, or `YYYY-MM-DDTHH:mm[:ss[.ffffff]]` with or without an offset. */
function isMoment(text: string): boolean {
  if (isDate(text)) return true;
  const [, day = '', time = '', offset = ''] =
    /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? [];
  return isDate(day) && !Number.isNaN(Date.parse(`${day}T${time}${offset || 'Z'}`));
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
