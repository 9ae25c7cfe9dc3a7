import { identifier, literal } from '../../duckdb/identifiers.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { loadExtension } from '../../duckdb/extensions.ts';
import type { Session } from '../../duckdb/session.ts';
import type { DatabasePlace } from '../database/database-place.ts';
import type { Access } from '../database/engine.ts';
import { LEDGER } from '../database/ledger-row.ts';
import { attachPostgres } from '../../postgres/connection.ts';
import { ask, execute, forget } from './execute.ts';

/**
 * How long a publication waits for another one, or for somebody who holds a table. Then it is tried again from the start.
 * A `lock_timeout` of the URL's options, the user or the database goes before it.
 */
const LOCK_TIMEOUT = '20s';

/** A publication whose worker hangs lets go of its locks after so long. */
const IDLE_TIMEOUT = '5min';

/**
 * Attaches the database as `destination`, and makes its schema the default; to be written to, that is made where it is missing.
 * Error `DestinationMissing`: it is to be read, and there is none.
 */
export async function openPostgres(session: Session, { path, server }: DatabasePlace, access: Access): Promise<void> {
  if (!server) throw new Error('a Postgres destination without a server');
  await loadExtension(session, 'postgres_scanner');
  await attachPostgres(session, 'destination', server.url);
  const schema = identifier(server.schema);
  const found = await ask(session, `SELECT 1 AS n FROM pg_namespace WHERE nspname = ${literal(server.schema)}`);
  if (found.length === 0 && access === 'read') {
    throw new AcequiaError('DestinationMissing', {
      what: `There is no schema ${server.schema} in the database: nothing was published there yet.`,
      where: path,
      remedy: 'run the pipeline that publishes there',
    });
  }
  if (found.length === 0) {
    await execute(session, `CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await forget(session);
  }
  await session.run(`USE destination.${schema}`);
  if (access === 'write') return;
  const settings = await settingsFor(session, server.schema);
  await session.run('BEGIN TRANSACTION READ ONLY');
  await execute(session, settings);
}

/**
 * Begins the transaction of a publication. Its first act is to lock the ledger: the snapshot that it sees is taken once the
 * lock is held, so that it knows of everything that others have published before. Readers are not kept waiting.
 */
export async function beginPostgres(session: Session, ledger: () => Promise<void>): Promise<void> {
  const settings = await settingsFor(session, await schemaOf(session));
  // In a transaction of its own: the lock needs a table to hold on to.
  await session.run('BEGIN TRANSACTION');
  await execute(session, settings);
  await ledger();
  await session.run('COMMIT');
  await forget(session);
  await session.run('BEGIN TRANSACTION');
  await execute(session, settings);
  await execute(session, `LOCK TABLE ${LEDGER} IN SHARE ROW EXCLUSIVE MODE`);
}

/** What a transaction is set to before anything else. Nothing but `SET`: a query would already take the transaction's snapshot. */
async function settingsFor(session: Session, schema: string): Promise<string> {
  const [row] = await ask<{ timeout: string }>(session, `SELECT current_setting('lock_timeout') AS timeout`);
  const timeout = row === undefined || row.timeout === '0' ? LOCK_TIMEOUT : row.timeout;
  const settings = [
    `search_path TO ${identifier(schema)}`,
    `lock_timeout = ${literal(timeout)}`,
    `idle_in_transaction_session_timeout = ${literal(IDLE_TIMEOUT)}`,
    `TimeZone = 'UTC'`,
    'row_security = off',
  ];
  return settings.map((setting) => `SET LOCAL ${setting}`).join('; ');
}

export async function schemaOf(session: Session): Promise<string> {
  const [row] = await session.rows<{ schema: string }>('SELECT current_schema() AS schema');
  return row?.schema ?? 'public';
}
