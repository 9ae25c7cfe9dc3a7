import { AcequiaError, type FailureType } from '../../failure/acequia-error.ts';
import { diskError } from '../../failure/disk.ts';
import { maskQuoted } from '../../failure/mask.ts';

/** What an engine says, and what is said of it. */
export interface KnownProblem {
  readonly says: RegExp;
  readonly type: Extract<
    FailureType,
    | 'DestinationBusy'
    | 'DestinationNotOurs'
    | 'DestinationUnwritable'
    | 'DestinationMismatch'
    | 'DestinationUnreachable'
    | 'DestinationDenied'
  >;
  readonly what: string;
  readonly remedy: string;
}

/** Words for an error of an engine or of the file system; anything unknown comes back as it was. Values in it are masked. */
export function databaseProblem(error: unknown, path: string, known: readonly KnownProblem[]): unknown {
  if (error instanceof AcequiaError) return error;
  const disk = diskError(error, path);
  if (disk instanceof AcequiaError && disk.type !== 'PlaceUnusable') return disk;
  const message = error instanceof Error ? error.message : String(error);
  const problem = [...known, ...ANY_ENGINE].find(({ says }) => says.test(message));
  if (!problem) return error;
  const { type, what, remedy } = problem;
  const said = type === 'DestinationMismatch' ? maskQuoted(message) : message;
  return new AcequiaError(type, { what, where: path, why: said.split('\n')[0] ?? said, remedy, cause: error });
}

const ANY_ENGINE: readonly KnownProblem[] = [
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
