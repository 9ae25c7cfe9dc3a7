import { databaseProblem, type KnownProblem } from '../database/database-problem.ts';

const KNOWN: readonly KnownProblem[] = [
  {
    says: /password authentication failed|no pg_hba\.conf entry|role ".*" does not exist|database ".*" does not exist|no password supplied|authentication failed/i,
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
    remedy: 'nothing: publishing is tried again by itself; if it goes on, see who holds locks (pg_stat_activity)',
  },
  {
    says: /read-only transaction|recovery is in progress/i,
    type: 'DestinationUnwritable',
    what: 'This Postgres is read-only.',
    remedy: 'name the primary server, not a replica, in the setting',
  },
  {
    says: /unable to connect|could not (?:connect|translate|receive|send)|connection refused|server closed the connection|terminating connection|connection (?:to server|timed out|reset|not open)|starting up|shutting down|too many (?:clients|connections)|remaining connection slots|no connection to the server|SSL (?:SYSCALL|connection)|EOF detected/i,
    type: 'DestinationUnreachable',
    what: 'Postgres cannot be reached, or the connection was cut.',
    remedy: 'see that the server is up and the URL in the setting is right; publishing is tried again by itself',
  },
  {
    says: /0x00|out of range|invalid byte sequence|unsupported Unicode|value too long|invalid input syntax|cannot be encoded/i,
    type: 'DestinationMismatch',
    what: 'Postgres cannot hold one of the values, such as a NUL character in a text. Nothing was changed.',
    remedy: 'mend the value in the source or the model',
  },
  {
    says: /depends? on it|used by a view or rule/i,
    type: 'DestinationMismatch',
    what: 'Something in the database depends on the table, which cannot be changed because of it. Nothing was changed.',
    remedy: 'drop what depends on it and make it again afterwards, or publish to another table',
  },
];

/** Words for what Postgres or libpq says. */
export function postgresProblem(error: unknown, place: string): unknown {
  return databaseProblem(error, place, KNOWN);
}
