import {
  LOAD_MODES,
  MISSING_WAYS,
  parseShare,
  type CopyOptions,
  type DestinationPlace,
} from '../../../workflows/definition/index.ts';
import { loadingProblems, type LoadingProblem } from '../../../workflows/definition/loading-problems.ts';
import { usageError, type CommandError } from '../command-error.ts';
import type { TypedCopyOptions } from './typed.ts';
import { oneWord } from './words.ts';

type Loading = Pick<CopyOptions, 'mode' | 'missing' | 'vanishAtMost' | 'key' | 'keepLatestBy' | 'partitionBy'>;

const FLAGS: Readonly<Record<LoadingProblem['option'], string>> = {
  mode: '--mode',
  missing: '--missing',
  vanishAtMost: '--vanish-at-most',
  key: '--key',
  keepLatestBy: '--keep-latest-by',
  partitionBy: '--partition-by',
};

/**
 * How the tables of a copy are loaded.
 *
 * @param asked `mode` and `key` as flags and the destination agree on them
 * @throws CommandError (exit 2) for words that nobody knows, and for those that mean nothing together
 */
export function loadingOptions(
  asked: { readonly mode: string | undefined; readonly key: string | undefined },
  typed: TypedCopyOptions,
  to: DestinationPlace,
): Loading {
  const missing = oneWord('missing', typed.missing, MISSING_WAYS);
  const keepLatestBy = columnsOf('keep-latest-by', typed.keepLatestBy);
  const partitionBy = columnsOf('partition-by', typed.partitionBy);
  const loading: Loading = {
    mode: oneWord('mode', asked.mode, LOAD_MODES) ?? 'replace',
    ...(missing ? { missing } : {}),
    ...(typed.vanishAtMost === undefined ? {} : { vanishAtMost: shareOf('vanish-at-most', typed.vanishAtMost) }),
    key: columnsOf('key', asked.key) ?? [],
    ...(keepLatestBy ? { keepLatestBy } : {}),
    ...(partitionBy ? { partitionBy } : {}),
  };
  const [problem] = loadingProblems({ ...loading, to });
  if (problem) throw refusal(problem, loading);
  return loading;
}

function refusal({ option, message }: LoadingProblem, { mode }: Loading): CommandError {
  if (option === 'key')
    return usageError(
      `${mode} needs to know what identifies a row.`,
      'add --key <columns>, with commas between several (behind " -- ": npm keeps --key for itself)',
    );
  return usageError(`${FLAGS[option]} ${message}.`, remedyOf(option));
}

function remedyOf(option: LoadingProblem['option']): string {
  switch (option) {
    case 'mode':
      return 'load in one of these modes, or copy to another kind of destination';
    case 'missing':
      return 'leave it out; --mode delete-missing takes --missing hard or soft, --mode scd2 close or keep';
    case 'vanishAtMost':
      return 'leave it out, or load with --mode delete-missing or scd2';
    case 'partitionBy':
      return 'leave it out, or name a folder of Parquet (parquet:<folder>/) or a DuckLake (ducklake:<folder>)';
    default:
      return 'add --key <columns>, or leave it out';
  }
}

function columnsOf(flag: string, given: string | undefined): string[] | undefined {
  if (given === undefined) return undefined;
  const columns = given.split(',').map((column) => column.trim());
  if (columns.every((column) => column !== '')) return [...new Set(columns)];
  throw usageError(`--${flag} "${given}" has an empty name in it.`, `--${flag} order_id, or --${flag} country,day`);
}

function shareOf(flag: string, given: string): number {
  const share = parseShare(given);
  if (share !== undefined) return share;
  throw usageError(`--${flag} "${given}" is no percentage up to 100%.`, `--${flag} 10%`);
}
