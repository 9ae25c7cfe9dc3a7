import { identifier, literal } from '../../duckdb/identifiers.ts';
import { loadExtension } from '../../duckdb/extensions.ts';
import type { Session } from '../../duckdb/session.ts';
import type { DatabasePlace } from '../database/database-place.ts';
import type { Access } from '../database/engine.ts';
import { LEDGER } from '../database/ledger.ts';
import { attachPostgres } from './connection.ts';
import { ask, execute, forget } from './execute.ts';

/**
 * How long a publication waits for another one, or for somebody who holds a table. Then it is tried again from the start.
 * A `lock_timeout` of the URL's options, the user or the database goes before it.
 */
const LOCK_TIMEOUT = '20s';

/** A publication whose worker hangs lets go of its locks after so long. */
const IDLE_TIMEOUT = '5min';

/** Attaches the database as `destination`, makes its schema where it is missing, and makes that the default. */
export async function openPostgres(session: Session, { server }: DatabasePlace, access: Access): Promise<void> {
  if (!server) throw new Error('a Postgres destination without a server');
  await loadExtension(session, 'postgres_scanner');
  await attachPostgres(session, 'destination', server.url);
  const schema = identifier(server.schema);
  const found = await ask(session, `SELECT 1 AS n FROM pg_namespace WHERE nspname = ${literal(server.schema)}`);
  if (found.length === 0 && access === 'write') {
    await execute(session, `CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await forget(session);
  }
  await session.run(`USE destination.${schema}`);
  if (access === 'write') return;
  await session.run('BEGIN TRANSACTION READ ONLY');
  await setUp(session, server.schema);
}

/**
 * Begins the transaction of a publication. Its first act is to lock the ledger: the snapshot that it sees is taken once the
 * lock is held, so that it knows of everything that others have published before. Readers are not kept waiting.
 */
export async function beginPostgres(session: Session, ledger: () => Promise<void>): Promise<void> {
  const schema = await schemaOf(session);
  // In a transaction of its own: the lock needs a table to hold on to.
  await session.run('BEGIN TRANSACTION');
  await setUp(session, schema);
  await ledger();
  await session.run('COMMIT');
  await forget(session);
  await session.run('BEGIN TRANSACTION');
  await setUp(session, schema);
  await execute(session, `LOCK TABLE ${LEDGER} IN SHARE ROW EXCLUSIVE MODE`);
}

async function setUp(session: Session, schema: string): Promise<void> {
  await execute(
    session,
    `SET LOCAL search_path TO ${identifier(schema)}; SET LOCAL idle_in_transaction_session_timeout = '${IDLE_TIMEOUT}'; SET LOCAL TimeZone = 'UTC'; SET LOCAL row_security = off`,
  );
  await ask(
    session,
    `SELECT set_config('lock_timeout', '${LOCK_TIMEOUT}', true) WHERE current_setting('lock_timeout') = '0'`,
  );
}

export async function schemaOf(session: Session): Promise<string> {
  const [row] = await session.rows<{ schema: string }>('SELECT current_schema() AS schema');
  return row?.schema ?? 'public';
}
