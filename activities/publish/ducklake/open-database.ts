import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadExtension } from '../../duckdb/extensions.ts';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { DatabasePlace } from '../database/database-place.ts';
import { databaseProblem, type KnownProblem } from '../database/database-problem.ts';
import type { Access } from '../database/engine.ts';
import { requireFile } from '../database/require-file.ts';
import { createPostgresSecret } from '../postgres/connection.ts';
import { postgresProblem } from '../postgres/problems.ts';

const CATALOGUE = {
  name: 'a SQLite database with the catalogue of a DuckLake',
  magic: 'SQLite format 3\0',
  offset: 0,
  emptyIsFree: true,
};

/** The catalogue of a DuckLake that names no server: a file beside its folder. */
export function catalogueFile(path: string): string {
  return `${path}.sqlite`;
}

/** Attaches the DuckLake as `destination` and makes it the default. */
export async function openDuckLake(session: Session, { path, server }: DatabasePlace, access: Access): Promise<void> {
  await loadExtension(session, 'ducklake');
  const data = `DATA_PATH ${literal(join(path, '/'))}${access === 'read' ? ', READ_ONLY' : ''}`;
  if (access === 'write') await mkdir(path, { recursive: true });
  if (server) {
    await loadExtension(session, 'postgres_scanner');
    const secret = await createPostgresSecret(session, server.url);
    const schema = server.schema === 'public' ? '' : `, METADATA_SCHEMA ${literal(server.schema)}`;
    await session.run(
      `ATTACH ${literal(`ducklake:postgres:${secret.options}`)} AS destination (${data}, META_SECRET ${literal(secret.name)}${schema})`,
    );
  } else {
    const file = catalogueFile(path);
    await requireFile(file, CATALOGUE, access);
    await loadExtension(session, 'sqlite_scanner');
    await session.run(`ATTACH ${literal(`ducklake:sqlite:${file}`)} AS destination (${data})`);
  }
  // A commit that met another one would be tried again without a look at the ledger: the publication as a whole is.
  await session.run('SET ducklake_max_retry_count = 0');
  await session.run('USE destination');
}

const KNOWN: readonly KnownProblem[] = [
  {
    says: /database is locked|SQLITE_BUSY|transaction conflict|maximum retry count|conflicting/i,
    type: 'DestinationBusy',
    what: 'Somebody else has changed the DuckLake meanwhile, or holds its catalogue.',
    remedy: 'nothing: publishing is tried again by itself',
  },
  {
    says: /DATA_PATH parameter|does not match existing data path/i,
    type: 'DestinationNotOurs',
    what: 'The catalogue belongs to a DuckLake whose data lie in another folder.',
    remedy: 'name the folder that it was made with, or another catalogue',
  },
  {
    says: /catalog version|version mismatch/i,
    type: 'DestinationUnwritable',
    what: 'The catalogue was written by another version of DuckLake.',
    remedy: 'migrate it with that version, or publish to another place',
  },
];

/** Words for what DuckLake, SQLite or Postgres says of the catalogue. */
export function duckLakeProblem(error: unknown, place: string): unknown {
  const told = databaseProblem(error, place, KNOWN);
  return told === error ? postgresProblem(error, place) : told;
}
