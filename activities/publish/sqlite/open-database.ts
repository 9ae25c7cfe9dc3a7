import { loadExtension } from '../../duckdb/extensions.ts';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { databaseProblem, TRIED_AGAIN, type KnownProblem } from '../database/database-problem.ts';
import type { DatabasePlace } from '../database/database-place.ts';
import type { Access } from '../database/engine.ts';
import { requireFile } from '../database/require-file.ts';

const FILE = { name: 'a SQLite database', magic: 'SQLite format 3\0', offset: 0, emptyIsFree: true };

/** Attaches the database file as `destination` and makes it the default. */
export async function openSqlite(session: Session, { path }: DatabasePlace, access: Access): Promise<void> {
  await requireFile(path, FILE, access);
  await loadExtension(session, 'sqlite_scanner');
  await session.run(`ATTACH ${literal(path)} AS destination (TYPE sqlite${access === 'read' ? ', READ_ONLY' : ''})`);
  await session.run('USE destination');
}

const KNOWN: readonly KnownProblem[] = [
  {
    says: /database is locked|database table is locked|SQLITE_BUSY/i,
    type: 'DestinationBusy',
    what: 'The database is locked by another process.',
    remedy: `close the program that writes to it; ${TRIED_AGAIN}`,
  },
  {
    says: /NaN in column/,
    type: 'DestinationMismatch',
    what: 'SQLite cannot hold NaN, and would keep NULL in its place.',
    remedy: 'make it NULL in the model',
  },
];

/** Words for what SQLite says of a database that cannot be written. */
export function sqliteProblem(error: unknown, path: string): unknown {
  return databaseProblem(error, path, KNOWN);
}
