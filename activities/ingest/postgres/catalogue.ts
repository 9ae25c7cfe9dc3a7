import type { DatabaseTable } from '../../../workflows/definition/index.ts';
import { literal } from '../../duckdb/identifiers.ts';
import type { SourceConnection } from './source-connection.ts';

/** A column as Postgres's catalogue has it. */
export interface CatalogueColumn {
  readonly name: string;
  /** `numeric(12,2)`, `timestamp with time zone`; of a domain, its base type. */
  readonly type: string;
  /** May be read by this user. */
  readonly readable: boolean;
}

/** A table or view as Postgres's catalogue has it. */
export interface CatalogueTable {
  readonly source: string;
  /** Tells it from every other table, of other servers, too: one of a copy of the database has the same. */
  readonly identity: string;
  /** Whether its rows lie in pages of its own, that can be read in ranges. */
  readonly isPlain: boolean;
  readonly readable: boolean;
  /** Rows are hidden from this user. */
  readonly hidden: boolean;
  readonly columns: readonly CatalogueColumn[];
}

interface CatalogueRow {
  readonly source: string;
  readonly identity: string | null;
  readonly kind: string | null;
  readonly readable: boolean | null;
  readonly hidden: boolean | null;
  readonly columns: string | null;
}

/** Looks some tables up, in one query. Those that are not there, or that this user knows nothing of, are left out. */
export async function readCatalogue(
  { ask }: Pick<SourceConnection, 'ask'>,
  tables: readonly DatabaseTable[],
): Promise<Map<string, CatalogueTable>> {
  const wanted = JSON.stringify(tables.map(({ source, schema, table }) => [source, schema, table]));
  const rows = await ask<CatalogueRow>(catalogueQuery(wanted));
  return new Map(
    rows.flatMap(({ source, identity, kind, readable, hidden, columns }) => {
      if (kind === null) return [];
      const found: CatalogueTable = {
        source,
        identity: identity ?? '',
        isPlain: kind === 'r' || kind === 'm',
        readable: readable ?? false,
        hidden: hidden ?? false,
        columns: JSON.parse(columns ?? '[]') as CatalogueColumn[],
      };
      return [[source, found] as const];
    }),
  );
}

/** Names of the tables and views that this user may read in a schema, for whoever has misspelt one. */
export async function tablesOf({ ask }: Pick<SourceConnection, 'ask'>, schema: string): Promise<string[]> {
  const rows = await ask<{ name: string }>(
    `SELECT c.relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${literal(schema)} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT') ORDER BY 1 LIMIT 200`,
  );
  return rows.map(({ name }) => name);
}

/** A domain over a domain is told as that, which is read as text. */
function catalogueQuery(wanted: string): string {
  return `
    SELECT w.source, c.relkind::text AS kind,
      concat_ws('/', (SELECT system_identifier FROM pg_control_system()), (SELECT oid FROM pg_database WHERE datname = current_database()), c.oid) AS identity,
      has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT') AS readable,
      row_security_active(c.oid) AS hidden,
      (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(
          CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END,
          CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END),
          'readable', has_column_privilege(c.oid, a.attnum, 'SELECT')) ORDER BY a.attnum)
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text AS columns
    FROM (SELECT e->>0 AS source, e->>1 AS schema, e->>2 AS name FROM json_array_elements(${literal(wanted)}::json) e) w
    LEFT JOIN pg_namespace n ON n.nspname = w.schema
    LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`;
}
