import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { databaseProblem, TRIED_AGAIN, type KnownProblem } from '../database/database-problem.ts';
import type { DatabasePlace } from '../database/database-place.ts';
import type { Access } from '../database/engine.ts';
import { requireFile } from '../database/require-file.ts';

const FILE = { name: 'a DuckDB database', magic: 'DUCK', offset: 8, emptyIsFree: false };

/** Attaches the database file as `destination` and makes it the default. */
export async function openDuckdb(session: Session, { path }: DatabasePlace, access: Access): Promise<void> {
  await requireFile(path, FILE, access);
  await session.run(`ATTACH ${literal(path)} AS destination (TYPE duckdb${access === 'read' ? ', READ_ONLY' : ''})`);
  await session.run('USE destination');
}

const KNOWN: readonly KnownProblem[] = [
  {
    says: /could not set lock on file|conflicting lock/i,
    type: 'DestinationBusy',
    what: 'Another process has the DuckDB file open. DuckDB lets one process write to a file, or several read it.',
    remedy: `close that program; ${TRIED_AGAIN}`,
  },
  {
    says: /version number \d+, but we can only read/i,
    type: 'DestinationUnwritable',
    what: 'The DuckDB file was written by another version of DuckDB, which this one cannot read.',
    remedy: 'export it with that version (EXPORT DATABASE) and import it with an older one, or publish to another file',
  },
  {
    says: /not a valid DuckDB database|corrupt database file|encrypted database|encryption key/i,
    type: 'DestinationUnwritable',
    what: 'The DuckDB file cannot be opened.',
    remedy: 'move it away, or publish to another file',
  },
  {
    says: /failed to pin block|out of memory/i,
    type: 'DestinationMismatch',
    what: "DuckDB's memory does not hold the indexes of the table that is there.",
    remedy: 'drop its indexes and its primary key, or publish to another table',
  },
];

/** Words for what DuckDB says of a file that cannot be written. */
export function duckdbProblem(error: unknown, path: string): unknown {
  return databaseProblem(error, path, KNOWN);
}
