import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { boundedName } from '../database/bounded-name.ts';
import { ask } from './execute.ts';

/**
 * Statements that give a new table what another one has beside rows and structure: its owner, the rights of others on it and on those of
 * its columns that stay, its comments, and the name of its key. Rights that a new table is given by default are taken back first.
 *
 * @param to as SQL writes it
 */
export async function carriedOver(session: Session, from: string, to: string): Promise<string[]> {
  const [old, fresh] = [`${literal(identifier(from))}::regclass`, `${literal(to)}::regclass`];
  const key = literal(boundedName(`${from}_pkey`));
  const statements = await ask<{ statement: string }>(
    session,
    `SELECT statement FROM (
       SELECT 1 AS step, format('ALTER TABLE %s OWNER TO %I', ${fresh}, pg_get_userbyid(c.relowner)) AS statement
         FROM pg_class c JOIN pg_class n ON n.oid = ${fresh} WHERE c.oid = ${old} AND c.relowner <> n.relowner
       UNION ALL SELECT DISTINCT 2, format('REVOKE ALL ON %s FROM %s', ${fresh}, ${grantee('a')})
         FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = ${fresh} AND a.grantee <> c.relowner
       UNION ALL SELECT 3, format('GRANT %s ON %s TO %s', a.privilege_type, ${fresh}, ${grantee('a')}) || ${option('a')}
         FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = ${old} AND a.grantee <> c.relowner
       UNION ALL SELECT 3, format('GRANT %s (%I) ON %s TO %s', a.privilege_type, o.attname, ${fresh}, ${grantee('a')}) || ${option('a')}
         FROM ${kept(old, fresh)}, aclexplode(o.attacl) a
       UNION ALL SELECT 4, format('COMMENT ON TABLE %s IS %L', ${fresh}, obj_description(${old}, 'pg_class'))
         WHERE obj_description(${old}, 'pg_class') IS NOT NULL
       UNION ALL SELECT 4, format('COMMENT ON COLUMN %s.%I IS %L', ${fresh}, o.attname, col_description(${old}, o.attnum))
         FROM ${kept(old, fresh)} WHERE col_description(${old}, o.attnum) IS NOT NULL
       UNION ALL SELECT 5, format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', ${fresh}, n.conname, coalesce(o.conname, ${key}))
         FROM pg_constraint n LEFT JOIN pg_constraint o ON o.conrelid = ${old} AND o.contype = 'p'
         WHERE n.conrelid = ${fresh} AND n.contype = 'p' AND (o.conname IS NOT NULL OR to_regclass(quote_ident(${key})) IS NULL)
     ) AS steps ORDER BY step`,
  );
  return statements.map(({ statement }) => statement);
}

function grantee(entry: string): string {
  return `CASE WHEN ${entry}.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(${entry}.grantee)) END`;
}

function option(entry: string): string {
  return `CASE WHEN ${entry}.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END`;
}

/** Columns `o` of a table that another one has, too. */
function kept(old: string, fresh: string): string {
  return `pg_attribute o JOIN pg_attribute n ON n.attrelid = ${fresh} AND n.attname = o.attname AND n.attnum > 0 AND o.attrelid = ${old} AND o.attnum > 0`;
}
