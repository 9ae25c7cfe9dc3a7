import { ABILITIES } from './destination-abilities.ts';
import type { DestinationKind, LoadMode, MissingWay } from './destination.ts';

/** What may be said of how a table is loaded. */
export interface SaidOfLoading {
  /** Default `replace`. */
  readonly mode?: LoadMode | undefined;
  readonly missing?: MissingWay | undefined;
  readonly vanishAtMost?: unknown;
  readonly key?: readonly string[] | undefined;
  readonly keepLatestBy?: readonly string[] | undefined;
  readonly partitionBy?: readonly string[] | undefined;
  readonly to?: { readonly kind: DestinationKind; readonly path: string } | undefined;
}

export interface LoadingProblem {
  readonly option: 'mode' | 'missing' | 'vanishAtMost' | 'key' | 'keepLatestBy' | 'partitionBy';
  /** What is wrong with it, in words that follow its name. */
  readonly message: string;
}

/** Ways of `missing` that a mode knows, its default first. */
const MISSING_OF: Readonly<Record<LoadMode, readonly MissingWay[]>> = {
  replace: [],
  append: [],
  merge: [],
  'delete-missing': ['soft', 'hard'],
  scd2: ['close', 'keep'],
};

/** Modes that find the row that is meant by its key. */
const BY_KEY: readonly LoadMode[] = ['merge', 'delete-missing', 'scd2'];

/** Which words about a load contradict each other, or mean nothing beside the others. Only what is said is looked at. */
export function loadingProblems(said: SaidOfLoading): LoadingProblem[] {
  const { mode = 'replace', missing, vanishAtMost, key, keepLatestBy, partitionBy, to } = said;
  const ways = MISSING_OF[mode];
  const problems: LoadingProblem[] = [];
  const add = (option: LoadingProblem['option'], message: string): void => void problems.push({ option, message });
  if (to && !ABILITIES[to.kind].modes.includes(mode))
    add('mode', `${mode} is not there for ${to.kind}: it takes ${ABILITIES[to.kind].modes.join(', ')}`);
  if (missing !== undefined && !ways.includes(missing))
    add('missing', ways.length > 0 ? `of ${mode} it is ${ways.toSorted().join(' or ')}` : `means nothing for ${mode}`);
  if (vanishAtMost !== undefined && ways.length === 0) add('vanishAtMost', `means nothing for ${mode}`);
  if (key?.length === 0 && BY_KEY.includes(mode))
    add('key', `is needed by ${mode}: the row that is meant is found by it`);
  if (key?.length === 0 && keepLatestBy !== undefined)
    add('keepLatestBy', 'means nothing without a key: it decides between rows of one key');
  if (keepLatestBy !== undefined && mode === 'merge' && to && !ABILITIES[to.kind].latest)
    add('keepLatestBy', `means nothing for ${to.kind}: a merge there takes the load's row for the later one`);
  if (partitionBy !== undefined && to) {
    if (!ABILITIES[to.kind].partitions) add('partitionBy', `means nothing for ${to.kind}`);
    else if (to.kind === 'parquet' && /\.parquet$/i.test(to.path))
      add('partitionBy', 'needs a folder: one file has no folders below it');
  }
  return problems;
}
