import { AcequiaError, type FailureType } from '../failure/acequia-error.ts';
import { diskError } from '../failure/disk.ts';
import { maskQuoted } from '../failure/mask.ts';
import { apiProblem } from './api-error.ts';

/** What went wrong, whichever side of a run it was on. */
type Cause = 'missing' | 'denied' | 'busy' | 'unreachable' | 'refused';

/** How the errors of one side of a run are called. */
export type ProblemTypes = Readonly<Record<Cause, FailureType>>;

const AGAIN = 'a run tries again by itself for some minutes; after that, run the same command again';

const WORDS: Readonly<Record<Cause, { readonly what: string; readonly remedy: string }>> = {
  missing: {
    what: 'BigQuery has no such dataset or table.',
    remedy:
      'mend its name, or make it (bq mk --location=EU project:dataset); it is found by project, dataset and table',
  },
  denied: {
    what: 'BigQuery does not let this account in, or not there.',
    remedy:
      'see that GOOGLE_APPLICATION_CREDENTIALS, or the identity of the machine, is the right one, and give it roles/bigquery.jobUser in the project and roles/bigquery.dataEditor (to read: dataViewer) on the dataset',
  },
  busy: { what: 'BigQuery takes no more at the moment: a quota or a limit is reached.', remedy: AGAIN },
  unreachable: {
    what: 'BigQuery cannot be reached, or has failed itself.',
    remedy: `see that this machine reaches it; ${AGAIN}`,
  },
  refused: {
    what: 'BigQuery refuses what it was asked.',
    remedy: 'mend what it names, then run the same command again',
  },
};

const BY_REASON: Readonly<Record<string, Cause>> = {
  notFound: 'missing',
  accessDenied: 'denied',
  forbidden: 'denied',
  authError: 'denied',
  required: 'denied',
  rateLimitExceeded: 'busy',
  userRateLimitExceeded: 'busy',
  jobRateLimitExceeded: 'busy',
  quotaExceeded: 'busy',
  backendError: 'unreachable',
  internalError: 'unreachable',
  jobBackendError: 'unreachable',
  jobInternalError: 'unreachable',
  tableUnavailable: 'unreachable',
  stopped: 'unreachable',
  invalidQuery: 'refused',
  invalid: 'refused',
};

/** Words of the client itself, where nothing has answered. */
const BY_WORDS: readonly (readonly [RegExp, Cause])[] = [
  // Two publications at once: the later one meets a table that has changed since it began.
  [/concurrent update|Transaction is aborted/i, 'busy'],
  [
    /default credentials|invalid_grant|invalid_client|invalid_rapt|private key|DECODER|PEM|unregistered scheme/i,
    'denied',
  ],
  [/ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|socket hang up|fetch failed|network/i, 'unreachable'],
];

/**
 * Words for what went wrong with BigQuery; anything unknown comes back without what it quotes. The client's own error is left
 * out: it holds the request, and with it a token.
 */
export function bigQueryProblem(error: unknown, where: string, types: ProblemTypes): unknown {
  if (error instanceof AcequiaError || !(error instanceof Error)) return error;
  const disk = diskError(error, where);
  if (disk instanceof AcequiaError) return disk;
  const { status, reason, message } = apiProblem(error);
  const cause = causeOf(status, reason, message);
  const why = maskQuoted(message.split('\n')[0] ?? '').slice(0, 500);
  if (!cause) return new Error(why);
  // What reads a key says may quote it.
  const told = cause === 'denied' && reason === undefined ? {} : { why };
  return new AcequiaError(types[cause], { ...WORDS[cause], where, ...told });
}

function causeOf(status: number | undefined, reason: string | undefined, message: string): Cause | undefined {
  const worded = BY_WORDS.find(([says]) => says.test(message))?.[1];
  const named = reason === undefined ? undefined : BY_REASON[reason];
  return worded ?? named ?? byStatus(status);
}

function byStatus(status: number | undefined): Cause | undefined {
  if (status === undefined) return undefined;
  if (status === 401 || status === 403) return 'denied';
  if (status === 404) return 'missing';
  if (status === 429) return 'busy';
  return status >= 500 ? 'unreachable' : undefined;
}
