import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { TableThere } from '../database/engine.ts';
import { decimalHeldBy } from './column-types.ts';
import { schemaOf } from './open-database.ts';
import { ask } from './execute.ts';

const KINDS: Readonly<Record<string, string>> = {
  r: 'table',
  parent: 'table with child tables',
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
    `SELECT c.oid::bigint AS oid, c.relname::text AS name,
       CASE WHEN c.relkind = 'r' AND EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = c.oid) THEN 'parent' ELSE c.relkind::text END AS kind
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ${literal(schema)} AND lower(c.relname) = lower(${literal(name)})
     UNION ALL
     SELECT t.oid::bigint, t.typname::text, 'c' FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
     WHERE n.nspname = ${literal(schema)} AND t.typname = ${literal(name)} AND t.typrelid = 0 AND t.typcategory <> 'A'`,
  );
  const other = found.find((relation) => relation.name !== name);
  if (other) throw sameButCase(schema, name, other.name);
  const [relation] = found;
  if (!relation) return undefined;
  const { oid } = relation;
  const columns = await columnsOf(session, schema, name, oid);
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
  const triggers = await ask<{ name: string }>(
    session,
    `SELECT 'trigger ' || tgname AS name FROM pg_trigger WHERE tgrelid = ${oid} AND NOT tgisinternal AND tgenabled <> 'D'
     UNION ALL SELECT 'rule ' || rulename FROM pg_rewrite WHERE ev_class = ${oid} AND ev_type <> '1'`,
  );
  return {
    kind: KINDS[relation.kind] ?? 'relation',
    columns: columns.map(({ name: column, type }) => ({ name: column, type, declared: type })),
    key: key.map((column) => column.name),
    references: [],
    indexes: indexes.map((index) => index.name),
    grows: false,
    inexact: columns
      .filter((column) => !isExact(column))
      .map(({ name: column, held }) => ({ name: column, type: held })),
    triggers: triggers.map((trigger) => trigger.name),
  };
}

/** Types that give back every value that DuckDB gives them; all others may round, pad, cut off or rewrite it. */
const EXACT =
  /^(?:boolean|smallint|integer|bigint|real|double precision|numeric(?:\(\d+,\d+\))?|date|time(?:stamp)? without time zone|timestamp with time zone|interval|text|character varying|json|uuid|bytea)(?:\[\])*$/;

function isExact({ held, type }: ColumnThere): boolean {
  return EXACT.test(held) && (decimalHeldBy(type) ?? type) === type;
}

interface ColumnThere {
  readonly name: string;
  /** As DuckDB reads and writes it. */
  readonly type: string;
  /** As Postgres calls it: `character varying(3)`. */
  readonly held: string;
}

async function columnsOf(session: Session, schema: string, table: string, oid: string): Promise<ColumnThere[]> {
  const columns = await ask<{ name: string; held: string }>(
    session,
    `SELECT attname::text AS name, format_type(atttypid, atttypmod) AS held FROM pg_attribute
     WHERE attrelid = ${oid} AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
  );
  requireDistinct(schema, table, columns);
  const types = await typesOf(session, schema, table);
  // DuckDB takes `json` for text, which it is; what knows no equality there must be told from what does.
  return columns.map(({ name, held }) => ({
    ...{ name, held },
    type: /^jsonb?$/.test(held) ? 'JSON' : (types.get(name) ?? 'VARCHAR'),
  }));
}

/** The types as which DuckDB reads and writes the columns; none of what it cannot read, such as a sequence. */
async function typesOf(session: Session, schema: string, table: string): Promise<Map<string, string>> {
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
