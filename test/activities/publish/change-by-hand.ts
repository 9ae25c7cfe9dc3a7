import { literal } from '../../../activities/duckdb/identifiers.ts';
import { loadExtension } from '../../../activities/duckdb/extensions.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { filesOf } from '../../../activities/publish/parquet/layout.ts';
import { createPostgresSecret } from '../../../activities/postgres/connection.ts';
import { tellPostgres } from '../../support/postgres.ts';
import { changeDuckdb, changeSqlite } from '../../support/staged.ts';
import { schemaAt, type Destination } from './destinations.ts';

/** Changes the published table `sales` behind the publisher's back. */
export async function changeByHand(destination: Destination, path: string, statement: string): Promise<void> {
  switch (destination.kind) {
    case 'sqlite':
      return changeSqlite(path, statement);
    case 'duckdb':
      return changeDuckdb(path, statement);
    case 'parquet':
      return changeFiles(path, statement);
    case 'postgres': {
      const { url, schema } = await schemaAt(path);
      return tellPostgres(url, `SET search_path TO "${schema}"; ${statement}`);
    }
    case 'ducklake':
      return changeLake(destination, path, statement);
  }
}

function changeLake({ server }: Destination, path: string, statement: string): Promise<void> {
  return withSession(undefined, async (session) => {
    for (const extension of ['sqlite_scanner', 'postgres_scanner', 'ducklake'] as const)
      await loadExtension(session, extension);
    if (server) {
      const { url, schema } = await schemaAt(path);
      const { name } = await createPostgresSecret(session, url);
      await session.run(
        `ATTACH 'ducklake:postgres:' AS published (META_SECRET '${name}', METADATA_SCHEMA '${schema}')`,
      );
    } else await session.run(`ATTACH ${literal(`ducklake:sqlite:${path}.sqlite`)} AS published`);
    await session.run('USE published');
    await session.run(statement);
  });
}

/** Writes every file of the table anew, with the statement carried out on its rows; the files keep their ledger. */
async function changeFiles(path: string, statement: string): Promise<void> {
  for (const file of await filesOf(path, 'sales')) {
    await withSession(undefined, async (session) => {
      const [, column, value = ''] = /([^/=]+)=([^/]+)\/[^/]+$/.exec(file) ?? [];
      const more = column ? `, ${literal(value)} AS "${column}"` : '';
      await session.run(
        `CREATE TABLE sales AS SELECT *${more} FROM read_parquet(${literal(file)}, hive_partitioning = false)`,
      );
      await session.run(statement);
      const [ledger] = await session.rows<{ value: string }>(
        `SELECT decode(value) AS value FROM parquet_kv_metadata(${literal(file)}) WHERE decode(key) = 'acequia_ledger'`,
      );
      const rows = column ? `SELECT * EXCLUDE "${column}" FROM sales` : 'SELECT * FROM sales';
      await session.run(
        `COPY (${rows}) TO ${literal(file)} (FORMAT parquet, KV_METADATA {acequia_ledger: ${literal(ledger?.value ?? '')}})`,
      );
    });
  }
}
