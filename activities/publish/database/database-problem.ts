import { AcequiaError, type FailureType } from '../../failure/acequia-error.ts';
import { diskError } from '../../failure/disk.ts';
import { maskQuoted } from '../../failure/mask.ts';

/** Behind the remedy of what passes by itself. */
export const TRIED_AGAIN = 'a run tries again by itself for some minutes; after that, run the same command again';

/** What an engine says, and what is said of it. */
export interface KnownProblem {
  readonly says: RegExp;
  /** What the engine quotes there are names, never values. */
  readonly quotesNames?: true;
  readonly type: Extract<
    FailureType,
    | 'DefinitionInvalid'
    | 'DestinationBusy'
    | 'DestinationMissing'
    | 'DestinationNotOurs'
    | 'DestinationUnwritable'
    | 'DestinationMismatch'
    | 'DestinationUnreachable'
    | 'DestinationDenied'
  >;
  readonly what: string;
  readonly remedy: string;
}

/**
 * Words for an error of an engine or of the file system; anything unknown comes back as it was. Values in it are masked.
 *
 * @param wordsOf what of the engine's message is told. Default: its first line
 */
export function databaseProblem(
  error: unknown,
  path: string,
  known: readonly KnownProblem[],
  wordsOf: (message: string) => string = firstLine,
): unknown {
  if (error instanceof AcequiaError) return error;
  const disk = diskError(error, path);
  if (disk instanceof AcequiaError && disk.type !== 'PlaceUnusable') return disk;
  const message = error instanceof Error ? error.message : String(error);
  const words = wordsOf(message);
  const problems = [...known, ...ANY_ENGINE];
  const problem = problems.find(({ says }) => says.test(words)) ?? problems.find(({ says }) => says.test(message));
  if (!problem) return error;
  const { type, what, remedy, quotesNames } = problem;
  const why = type === 'DestinationMismatch' && !quotesNames ? maskQuoted(words) : words;
  return new AcequiaError(type, { what, where: path, why, remedy, cause: error });
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}

const ANY_ENGINE: readonly KnownProblem[] = [
  {
    says: /generated column|non-DEFAULT value into column/i,
    type: 'DestinationMismatch',
    quotesNames: true,
    what: 'The table that is there computes one of the columns by itself, and takes no values for it. Nothing was changed.',
    remedy: 'leave that column out of the load, or publish to another table',
  },
  {
    says: /^Conversion Error/,
    type: 'DestinationMismatch',
    what: 'A value does not fit the type of its column. Nothing was changed.',
    remedy: 'declare a wider type, or mend the value in the source or the model',
  },
  {
    says: /duplicate key|UNIQUE constraint failed/i,
    type: 'DestinationMismatch',
    what: 'The load has a key that is there already. Nothing was changed.',
    remedy: 'load by merge where the rows of a key come again, mend the rows, or publish to another table',
  },
  {
    says: /constraint/i,
    type: 'DestinationMismatch',
    what: 'A table that is there does not take these rows: they break one of its constraints. Nothing was changed.',
    remedy: 'see what the table asks for, or publish to another table',
  },
  {
    says: /read-?only|disk i\/o error|unable to open database|cannot open file|not a directory|ENOTDIR|EEXIST|ENAMETOOLONG/i,
    type: 'DestinationUnwritable',
    what: 'The database cannot be written.',
    remedy: 'make the file and its folder writable, or choose another place with ACEQUIA_OUT',
  },
];
