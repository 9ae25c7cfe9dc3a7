import { AcequiaError, type FailureType } from '../../failure/acequia-error.ts';
import { diskError } from '../../failure/disk.ts';
import { maskQuoted } from '../../failure/mask.ts';
import { serverWords } from '../../postgres/server-words.ts';

interface KnownProblem {
  readonly says: RegExp;
  readonly type: Extract<
    FailureType,
    'DefinitionInvalid' | 'SourceMissing' | 'SourceDenied' | 'SourceBusy' | 'SourceUnreachable' | 'SourceUnreadable'
  >;
  readonly what: string;
  readonly remedy: string;
}

const AGAIN = 'a run tries again by itself for some minutes; after that, run the same command again';

const KNOWN: readonly KnownProblem[] = [
  {
    says: /row-level security/i,
    type: 'SourceDenied',
    what: 'Row-level security hides rows of the table from the user of this connection.',
    remedy: 'read as the owner of the table, or as a user with BYPASSRLS',
  },
  {
    says: /permission denied/i,
    type: 'SourceDenied',
    what: 'The user of this connection may not read that.',
    remedy: 'GRANT SELECT on the table and USAGE on its schema to that user, or read as another one',
  },
  {
    says: /password authentication failed|no pg_hba\.conf entry|role ".*" does not exist|no password supplied|authentication failed/i,
    type: 'SourceDenied',
    what: 'Postgres does not let this user in.',
    remedy: 'mend user and password of the URL in the setting, or what is allowed on the server',
  },
  {
    says: /database ".*" does not exist/i,
    type: 'SourceMissing',
    what: 'There is no such database on the Postgres server.',
    remedy: 'mend the name in the URL of the setting',
  },
  {
    says: /invalid (?:connection option|(?:\w+mode|channel_binding|integer) value)|server does not support SSL|certificate|invalid port number|invalid URI|command-line argument|unrecognized configuration parameter/i,
    type: 'DefinitionInvalid',
    what: 'An option of the URL in the setting is not one that this Postgres takes.',
    remedy: 'mend what stands behind the ? of the URL',
  },
  {
    says: /lock timeout|deadlock detected/i,
    type: 'SourceBusy',
    what: 'Somebody locks the table in Postgres.',
    remedy: 'see who holds locks (pg_locks, pg_stat_activity), and run the same command again once they are done',
  },
  {
    says: /has not been populated|division by zero|invalid input syntax|out of range/i,
    type: 'SourceUnreadable',
    what: 'Postgres cannot give the rows of it.',
    remedy: 'mend the view, or refresh it; then run the same command again',
  },
  {
    says: /unable to connect|could not (?:connect|translate|receive|send)|connection refused|server closed the connection|terminating connection|connection (?:to server|timed out|reset|not open)|starting up|shutting down|in recovery mode|too many (?:clients|connections)|remaining connection slots|no connection to the server|SSL (?:SYSCALL|connection)|EOF detected|snapshot ".*" does not exist|conflict with recovery|Failed to (?:fetch|prepare|execute)/i,
    type: 'SourceUnreachable',
    what: 'Postgres cannot be reached, or the connection was cut.',
    remedy: `see that the server is up and the URL in the setting is right; ${AGAIN}`,
  },
];

/** Words for what went wrong while a database was read; anything unknown comes back as it was. */
export function sourceProblem(error: unknown, where: string): unknown {
  if (error instanceof AcequiaError || !(error instanceof Error)) return error;
  const disk = diskError(error, where);
  if (disk instanceof AcequiaError) return disk;
  const words = serverWords(error.message);
  const found = KNOWN.find(({ says }) => says.test(words)) ?? KNOWN.find(({ says }) => says.test(error.message));
  if (!found) return new Error(maskQuoted(words), { cause: error });
  const { type, what, remedy } = found;
  // What a view fails on is quoted there, and may be personal.
  const why = type === 'SourceUnreadable' ? maskQuoted(words) : words;
  return new AcequiaError(type, { what, where, why, remedy, cause: error });
}
