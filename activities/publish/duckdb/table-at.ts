import type { Session } from '../../duckdb/session.ts';
import type { TableThere } from '../database/engine.ts';

const PLACE = "database_name = 'destination' AND schema_name = 'main'";

/** Asks DuckDB's catalogue what stands under a name; names do not differ by case alone. */
export async function duckdbTableAt(session: Session, name: string): Promise<TableThere | undefined> {
  const [found] = await session.rows<{ kind: string; name: string }>(
    `SELECT 'table' AS kind, table_name AS name FROM duckdb_tables() WHERE ${PLACE} AND lower(table_name) = lower($name)
     UNION ALL
     SELECT 'view', view_name FROM duckdb_views() WHERE ${PLACE} AND lower(view_name) = lower($name)`,
    { name },
  );
  if (!found) return undefined;
  const table = found.name;
  const columns = await session.rows<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM duckdb_columns() WHERE ${PLACE} AND table_name = $table ORDER BY column_index`,
    { table },
  );
  const constraints = await session.rows<{
    type: string;
    columns: string[];
    other: string | null;
    to: string[] | null;
  }>(
    `SELECT constraint_type AS type, constraint_column_names AS columns, referenced_table AS other, referenced_column_names AS "to"
     FROM duckdb_constraints() WHERE ${PLACE} AND table_name = $table ORDER BY constraint_index`,
    { table },
  );
  const indexes = await session.rows<{ name: string }>(
    `SELECT index_name AS name FROM duckdb_indexes() WHERE ${PLACE} AND table_name = $table`,
    { table },
  );
  return {
    kind: found.kind,
    columns: columns.map((column) => ({ ...column, declared: column.type })),
    key: constraints.find(({ type }) => type === 'PRIMARY KEY')?.columns ?? [],
    references: constraints
      .filter(({ type }) => type === 'FOREIGN KEY')
      .flatMap(({ columns: from, other, to }) =>
        from.map((column, index) => ({ column, table: other ?? '', to: to?.[index] ?? '' })),
      ),
    indexes: indexes.map((index) => index.name),
    grows: true,
    inexact: [],
    triggers: [],
  };
}
