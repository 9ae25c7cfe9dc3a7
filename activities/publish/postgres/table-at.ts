import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { TableThere } from '../database/engine.ts';
import { schemaOf } from './open-database.ts';
import { ask } from './execute.ts';

const KINDS: Readonly<Record<string, string>> = {
  r: 'table',
  p: 'partitioned table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  S: 'sequence',
  i: 'index',
  c: 'type',
};

/**
 * Asks Postgres's own catalogue what stands under a name.
 *
 * @throws AcequiaError `DestinationNotOurs` where names differ by case alone: DuckDB, which writes the rows, takes them for one
 */
export async function postgresTableAt(session: Session, name: string): Promise<TableThere | undefined> {
  const schema = await schemaOf(session);
  const found = await ask<{ oid: string; name: string; kind: string }>(
    session,
    `SELECT c.oid::bigint AS oid, c.relname::text AS name, c.relkind::text AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ${literal(schema)} AND lower(c.relname) = lower(${literal(name)})`,
  );
  const other = found.find((relation) => relation.name !== name);
  if (other) throw sameButCase(schema, name, other.name);
  const [relation] = found;
  if (!relation) return undefined;
  const { oid } = relation;
  const columns = await ask<{ name: string; required: boolean }>(
    session,
    `SELECT attname::text AS name FROM pg_attribute WHERE attrelid = ${oid} AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
  );
  requireDistinct(schema, name, columns);
  const types = await typesOf(session, schema, name, relation.kind);
  const key = await ask<{ name: string }>(
    session,
    `SELECT a.attname::text AS name FROM pg_constraint c, unnest(c.conkey) WITH ORDINALITY AS k(attnum, place)
       JOIN pg_attribute a ON a.attrelid = ${oid} AND a.attnum = k.attnum
     WHERE c.conrelid = ${oid} AND c.contype = 'p' ORDER BY k.place`,
  );
  const indexes = await ask<{ name: string }>(
    session,
    `SELECT c.relname::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid = ${oid} AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)`,
  );
  return {
    kind: KINDS[relation.kind] ?? 'relation',
    columns: columns.map((column) => {
      const type = types.get(column.name) ?? 'VARCHAR';
      return { name: column.name, type, declared: type };
    }),
    key: key.map((column) => column.name),
    references: [],
    indexes: indexes.map((index) => index.name),
    grows: false,
  };
}

/** The types as which DuckDB reads and writes the columns. */
async function typesOf(session: Session, schema: string, table: string, kind: string): Promise<Map<string, string>> {
  if (!['r', 'p', 'v', 'm', 'f'].includes(kind)) return new Map();
  const rows = await session.rows<{ column_name: string; data_type: string }>(
    `SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'destination' AND schema_name = ${literal(schema)} AND table_name = ${literal(table)}`,
  );
  return new Map(rows.map(({ column_name: column, data_type: type }) => [column, type]));
}

function sameButCase(schema: string, name: string, other: string): AcequiaError {
  return new AcequiaError('DestinationNotOurs', {
    what: `The schema ${schema} holds "${other}", whose name differs from "${name}" by case alone.`,
    where: `${schema}.${other}`,
    why: 'Which of the two is meant cannot be told apart on the way. Nothing was changed.',
    remedy: 'rename one of them, or publish to another table or schema',
  });
}

function requireDistinct(schema: string, table: string, columns: readonly { readonly name: string }[]): void {
  const seen = new Map<string, string>();
  for (const { name } of columns) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      throw new AcequiaError('DestinationNotOurs', {
        what: `The table ${table} has the columns "${other}" and "${name}", which differ by case alone.`,
        where: `${schema}.${table}`,
        why: 'Which of the two is meant cannot be told apart on the way. Nothing was changed.',
        remedy: 'rename one of them, or publish to another table',
      });
    }
    seen.set(name.toLowerCase(), name);
  }
}
