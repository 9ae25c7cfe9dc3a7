import type { TargetPlan } from '../../workflows/definition/index.ts';
import { duckdbType } from '../duckdb/column-types.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { postgresType } from '../publish/postgres/column-types.ts';
import { ask, execute } from './postgres.ts';

/** Our own tables beside the target, in its schema. */
export const SINK_TABLES = {
  /** Every batch, in the transaction of its rows: what was read and what became of it. */
  batches: '_acequia_batches',
  /** Records that became no rows: of unknown shapes (`reason` is NULL), and bad ones. */
  aside: '_acequia_aside',
  shapes: '_acequia_shapes',
  mappings: '_acequia_mappings',
  /** Objects of buckets, each in each of its versions. */
  files: 'processed_files',
} as const;

/** The target's columns as Postgres has them, in order. */
export function targetColumns({
  columns,
}: Pick<TargetPlan, 'columns'>): { name: string; type: string; rest: string }[] {
  const own = columns.map(({ name, type, required }) => ({
    name,
    type: typeName(postgresType(named(duckdbType(type)))),
    rest: required ? 'NOT NULL' : '',
  }));
  return [
    { name: 'event_id', type: 'uuid', rest: 'PRIMARY KEY' },
    { name: 'source_id', type: 'text', rest: 'NOT NULL UNIQUE' },
    ...own,
    { name: 'shape_id', type: 'text', rest: 'NOT NULL' },
    { name: 'mapping_id', type: 'text', rest: 'NOT NULL' },
    { name: 'mapping_version', type: 'integer', rest: 'NOT NULL' },
    { name: 'raw', type: 'json', rest: 'NOT NULL' },
    { name: 'normalized_at', type: 'timestamp with time zone', rest: 'NOT NULL' },
  ];
}

/** DuckDB has two names of it. */
function named(type: string): string {
  return type === 'TIMESTAMPTZ' ? 'TIMESTAMP WITH TIME ZONE' : type;
}

/** As the catalogue writes it. */
function typeName(type: string): string {
  return { timestamptz: 'timestamp with time zone', timestamp: 'timestamp without time zone' }[type] ?? type;
}

/**
 * Makes the target and our own tables where they are missing, one process after the other. Error `DestinationMismatch`: the
 * target that is there has other columns.
 */
export async function prepareSink(session: Session, target: TargetPlan): Promise<void> {
  const schema = identifier(target.schema);
  const at = (table: string): string => `${schema}.${identifier(table)}`;
  const columns = targetColumns(target);
  await execute(
    session,
    'sink',
    `SELECT pg_advisory_xact_lock(hashtextextended('acequia sink ' || ${literal(target.schema)}, 0));
     CREATE SCHEMA IF NOT EXISTS ${schema};
     CREATE TABLE IF NOT EXISTS ${at(target.table)} (
       ${columns.map(({ name, type, rest }) => `${identifier(name)} ${type} ${rest}`).join(', ')});
     CREATE TABLE IF NOT EXISTS ${at(SINK_TABLES.batches)} (
       load_id text NOT NULL, run_id text NOT NULL, pipeline text NOT NULL, table_name text NOT NULL, slice text NOT NULL,
       read bigint NOT NULL, rows bigint NOT NULL, inserted bigint NOT NULL, unchanged bigint NOT NULL,
       quarantined bigint NOT NULL, unknown_shape bigint NOT NULL, reasons json NOT NULL, digest text NOT NULL,
       published_at timestamptz NOT NULL DEFAULT now());
     CREATE INDEX IF NOT EXISTS ${identifier(`${SINK_TABLES.batches}_run`)} ON ${at(SINK_TABLES.batches)} (run_id);
     CREATE TABLE IF NOT EXISTS ${at(SINK_TABLES.aside)} (
       table_name text NOT NULL, slice text NOT NULL, source_id text NOT NULL, record_digest text NOT NULL, shape_id text,
       mapping_id text, mapping_version integer, misfit text, reason text, record text, beside text,
       run_id text NOT NULL, put_aside_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (table_name, source_id, record_digest));
     CREATE INDEX IF NOT EXISTS ${identifier(`${SINK_TABLES.aside}_shape`)} ON ${at(SINK_TABLES.aside)} (shape_id);
     CREATE TABLE IF NOT EXISTS ${at(SINK_TABLES.shapes)} (
       shape_id text PRIMARY KEY, paths json NOT NULL, first_seen_at timestamptz NOT NULL DEFAULT now());
     CREATE TABLE IF NOT EXISTS ${at(SINK_TABLES.mappings)} (
       table_name text NOT NULL, mapping_id text NOT NULL, version integer NOT NULL, state text NOT NULL,
       definition json NOT NULL, origin text NOT NULL, reason text, changed_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (table_name, mapping_id, version));
     CREATE TABLE IF NOT EXISTS ${at(SINK_TABLES.files)} (
       key text NOT NULL, etag text NOT NULL, size bigint NOT NULL, status text NOT NULL, records bigint, error text,
       started timestamptz NOT NULL, completed timestamptz, PRIMARY KEY (key, etag))`,
  );
  await requireColumns(session, target, columns);
}

async function requireColumns(
  session: Session,
  { name, schema, table }: TargetPlan,
  wanted: readonly { readonly name: string; readonly type: string }[],
): Promise<void> {
  const there = await ask<{ name: string; type: string }>(
    session,
    'sink',
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute a
      WHERE a.attrelid = to_regclass(${literal(`${identifier(schema)}.${identifier(table)}`)}) AND a.attnum > 0 AND NOT a.attisdropped`,
  );
  const problems = wanted.flatMap((column) => {
    const found = there.find((other) => other.name === column.name);
    if (!found) return [`${column.name} is missing, ${column.type} is expected`];
    return found.type === column.type ? [] : [`${column.name} is ${found.type}, ${column.type} is expected`];
  });
  if (problems.length === 0) return;
  throw new AcequiaError('DestinationMismatch', {
    what: `The table ${schema}.${table} that is there is another one. Nothing was changed.`,
    where: name,
    why: problems.join('; '),
    remedy: 'change its columns, rename it, or name another table in the definition',
  });
}
