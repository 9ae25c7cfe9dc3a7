import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadExtension } from '../../duckdb/extensions.ts';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { DatabasePlace } from '../database/database-place.ts';
import { TRIED_AGAIN, type KnownProblem } from '../database/database-problem.ts';
import type { Access } from '../database/engine.ts';
import { LEDGER } from '../database/ledger-row.ts';
import { requireFile } from '../database/require-file.ts';
import { createPostgresSecret } from '../../postgres/connection.ts';
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
  // Rows that DuckLake keeps in the catalogue as text do not all come back: NaN inside a list or a structure does not.
  await session.run('SET ducklake_default_data_inlining_row_limit = 0');
  await session.run('USE destination');
  if (access === 'write') await keepLedgerInCatalogue(session);
}

/** The ledger gets one row at a time, which are no files of their own there. Possible only once it has been made. */
async function keepLedgerInCatalogue(session: Session): Promise<void> {
  const ledgers = await session.count(
    `SELECT count(*) FROM duckdb_tables() WHERE database_name = 'destination' AND schema_name = 'main' AND table_name = ${literal(LEDGER)}`,
  );
  const set = await session.count(
    `SELECT count(*) FROM destination.options() WHERE option_name = 'data_inlining_row_limit' AND scope = 'TABLE' AND scope_entry = ${literal(`main.${LEDGER}`)}`,
  );
  if (ledgers > 0 && set === 0)
    await session.run(`CALL destination.set_option('data_inlining_row_limit', 1000, table_name => ${literal(LEDGER)})`);
}

const KNOWN: readonly KnownProblem[] = [
  {
    // The end of a transaction that no server answers any more.
    says: /failed to execute query "(?:BEGIN|COMMIT|ROLLBACK)[^"]*":\s*$/i,
    type: 'DestinationUnreachable',
    what: 'The connection to the catalogue was cut.',
    remedy: `see that its server is up; ${TRIED_AGAIN}`,
  },
  {
    says: /database is locked|SQLITE_BUSY|transaction conflict|maximum retry count|conflicting|ducklake_\w+_pkey/i,
    type: 'DestinationBusy',
    what: 'Somebody else has changed the DuckLake meanwhile, or holds its catalogue.',
    remedy: `nothing: ${TRIED_AGAIN}`,
  },
  {
    says: /DATA_PATH parameter|does not match existing data path/i,
    type: 'DestinationNotOurs',
    what: 'The catalogue belongs to a DuckLake whose data lie in another folder.',
    remedy: 'name the folder that it was made with, or another catalogue',
  },
  {
    says: /cannot open file "[^"]*ducklake-[^"]*\.parquet/i,
    type: 'DestinationMissing',
    what: 'Files of the DuckLake are not where its catalogue says that they are. Nothing was changed.',
    remedy: 'put its folder back in its place, or publish to another one',
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
  return postgresProblem(error, place, KNOWN);
}
