import { AcequiaError } from '../../failure/acequia-error.ts';
import { serverWords } from '../../postgres/server-words.ts';
import { databaseProblem, TRIED_AGAIN, type KnownProblem } from '../database/database-problem.ts';

const KNOWN: readonly KnownProblem[] = [
  {
    says: /invalid (?:connection option|(?:\w+mode|channel_binding|integer) value)|server does not support SSL|certificate|invalid port number|invalid URI|command-line argument|unrecognized configuration parameter/i,
    type: 'DefinitionInvalid',
    what: 'An option of the URL in the setting is not one that this Postgres takes.',
    remedy: 'mend what stands behind the ? of the URL; then run the same command again',
  },
  {
    says: /row-level security/i,
    type: 'DestinationDenied',
    what: 'Row-level security hides rows of the table from the user of this connection. Nothing was changed.',
    remedy: 'connect as the owner of the table, or as a user with BYPASSRLS; then run the same command again',
  },
  {
    says: /database ".*" does not exist/i,
    type: 'DestinationMissing',
    what: 'There is no such database on the Postgres server.',
    remedy: 'create it, or mend the name in the URL; then run the same command again',
  },
  {
    says: /password authentication failed|no pg_hba\.conf entry|role ".*" does not exist|no password supplied|authentication failed/i,
    type: 'DestinationDenied',
    what: 'Postgres does not let this user in.',
    remedy: 'mend the URL in the setting, or what is allowed on the server; then run the same command again',
  },
  {
    says: /permission denied|must be (?:owner|able to SET ROLE)/i,
    type: 'DestinationDenied',
    what: 'The user of this connection may not do that in Postgres. Nothing was changed.',
    remedy: 'let the owner grant it, or connect as another user; then run the same command again',
  },
  {
    says: /lock timeout|deadlock detected|could not serialize access|tuple concurrently|pg_type_typname_nsp_index|pg_class_relname_nsp_index|pg_namespace_nspname_index/i,
    type: 'DestinationBusy',
    what: 'Somebody else works on the same tables in Postgres.',
    remedy: `see who holds locks (pg_stat_activity); ${TRIED_AGAIN}`,
  },
  {
    says: /read-only transaction|recovery is in progress/i,
    type: 'DestinationUnwritable',
    what: 'This Postgres is read-only. Nothing was changed.',
    remedy: 'name the primary server, not a replica; or lift default_transaction_read_only of the user or the database',
  },
  {
    says: /unable to connect|could not (?:connect|translate|receive|send)|connection refused|server closed the connection|terminating connection|connection (?:to server|timed out|reset|not open)|starting up|shutting down|too many (?:clients|connections)|remaining connection slots|no connection to the server|SSL (?:SYSCALL|connection)|EOF detected/i,
    type: 'DestinationUnreachable',
    what: 'Postgres cannot be reached, or the connection was cut.',
    remedy: `see that the server is up and the URL in the setting is right; ${TRIED_AGAIN}`,
  },
  {
    says: /duplicate key value/i,
    type: 'DestinationMismatch',
    quotesNames: true,
    what: 'The load has a key that is there already. Nothing was changed.',
    remedy: 'load by merge where the rows of a key come again, mend the rows, or publish to another table',
  },
  {
    says: /violates (?:\S+ )*constraint/i,
    type: 'DestinationMismatch',
    quotesNames: true,
    what: 'A table that is there does not take these rows: they break one of its constraints. Nothing was changed.',
    remedy: 'mend the rows, or see what the table asks for, or publish to another table',
  },
  {
    says: /0x00|NULL-byte|out of range|lies before|invalid byte sequence|unsupported Unicode|value too long|invalid input (?:syntax|value)|invalid digit in external|cannot be encoded/i,
    type: 'DestinationMismatch',
    what: 'Postgres cannot hold one of the values, such as a NUL character in a text or a date before 4714 BC. Nothing was changed.',
    remedy: 'mend the value in the source or the model',
  },
  {
    says: /at most \d+ columns|row is too big|index row (?:size|requires)/i,
    type: 'DestinationMismatch',
    quotesNames: true,
    what: 'Postgres has no room for so many columns, or for such long values in a key or an index. Nothing was changed.',
    remedy: 'leave columns out, or name others as the key; Parquet and DuckDB take more',
  },
  {
    says: /cannot perform \w+ RETURNING|ON CONFLICT clause cannot be used with table/i,
    type: 'DestinationMismatch',
    quotesNames: true,
    what: 'A rule of the table that is there does something else than to write the rows. Nothing was changed.',
    remedy: 'drop the rule, or publish to another table',
  },
  {
    says: /depends? on it|used by a view or rule/i,
    type: 'DestinationMismatch',
    quotesNames: true,
    what: 'Something in the database depends on the table, which cannot be changed because of it. Nothing was changed.',
    remedy: 'drop what depends on it and make it again afterwards, or publish to another table',
  },
];

/** Words for what Postgres or libpq says. Of what nobody foresaw the first line: those behind it (`DETAIL`) hold a row's values. */
export function postgresProblem(error: unknown, place: string, others: readonly KnownProblem[] = []): unknown {
  if (!(error instanceof Error)) return error;
  const told = databaseProblem(error, place, [...others, ...KNOWN], serverWords);
  return told === error && !(error instanceof AcequiaError)
    ? new Error(serverWords(error.message), { cause: error })
    : told;
}
