import { loadExtension } from '../../../activities/duckdb/extensions.ts';
import { identifier, literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession, type Session } from '../../../activities/duckdb/session.ts';
import { attachPostgres } from '../../../activities/postgres/connection.ts';

/** Tables of the source that become one table each. */
export const TABLES = [
  'plans',
  'premium_features',
  'accounts',
  'subscriptions',
  'contents',
  'content_attributes',
  'payments',
  'viewing_sessions',
] as const;

/** Gives `use` the raw layer as a reader has it: a DuckLake, `raw` its folder. */
export function withLake<Result>(raw: string, use: (session: Session) => Promise<Result>): Promise<Result> {
  return withSession(undefined, async (session) => {
    await loadExtension(session, 'ducklake');
    await loadExtension(session, 'sqlite_scanner');
    await session.run(`ATTACH ${literal(`ducklake:sqlite:${raw}.sqlite`)} AS lake (DATA_PATH ${literal(`${raw}/`)})`);
    await session.run('USE lake');
    return use(session);
  });
}

/** For each table the rows that only the source or only the lake has, at most ten, each as its texts. */
export function differences(url: string, raw: string): Promise<Record<string, string[]>> {
  return withLake(raw, async (session) => {
    await loadExtension(session, 'postgres_scanner');
    await attachPostgres(session, 'source', url, { settings: { TimeZone: 'UTC', DateStyle: 'ISO' } });
    const found: Record<string, string[]> = {};
    for (const table of TABLES) {
      const columns = await columnsOf(session, table);
      const there = `SELECT ${columns.map(lakeText).join(', ')} FROM ${table}`;
      const asked = `SELECT ${columns.map(sourceText).join(', ')} FROM ${table}`;
      const source = `SELECT * FROM postgres_query('source', ${literal(asked)})`;
      const rows = await session.rows(
        `SELECT * FROM ((SELECT 'source' AS only, * FROM (${source} EXCEPT ALL ${there}))
          UNION ALL (SELECT 'lake', * FROM (${there} EXCEPT ALL ${source}))) LIMIT 10`,
      );
      if (rows.length > 0) found[table] = rows.map((row) => JSON.stringify(row));
    }
    return found;
  });
}

interface Column {
  readonly name: string;
  readonly type: string;
}

/** But for lists that became a table of their own. */
async function columnsOf(session: Session, table: string): Promise<Column[]> {
  const columns = await session.rows<Column>(
    `SELECT * FROM postgres_query('source', ${literal(`SELECT column_name AS name, data_type AS type
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '${table}' ORDER BY ordinal_position`)})`,
  );
  return columns.filter(({ name }) => name !== 'offered_in');
}

/** Postgres writes a whole number without its `.0`. */
function lakeText({ name, type }: Column): string {
  if (type === 'double precision')
    return `regexp_replace(CAST(${identifier(name)} AS VARCHAR), '[.]0$', '') AS ${identifier(name)}`;
  return `CAST(${identifier(name)} AS VARCHAR) AS ${identifier(name)}`;
}

function sourceText({ name, type }: Column): string {
  const column = identifier(name);
  if (type === 'boolean') return `CASE WHEN ${column} THEN 'true' WHEN NOT ${column} THEN 'false' END AS ${column}`;
  return `${column}::text AS ${column}`;
}
