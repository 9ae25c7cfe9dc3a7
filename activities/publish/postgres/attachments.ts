import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { ask, execute } from './execute.ts';

/** What hangs on a table, by name, and would be lost or in the way if another table took its place. */
export async function attachments(session: Session, table: string): Promise<string[]> {
  const oid = `${literal(identifier(table))}::regclass`;
  const found = await ask<{ name: string }>(
    session,
    `SELECT DISTINCT 'view ' || v.oid::regclass::text AS name FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
       WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = ${oid} AND v.oid <> ${oid}
     UNION ALL SELECT 'foreign key of ' || conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confrelid = ${oid} AND conrelid <> ${oid}
     UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgrelid = ${oid} AND NOT tgisinternal
     UNION ALL SELECT 'policy ' || polname FROM pg_policy WHERE polrelid = ${oid}
     UNION ALL SELECT 'publication ' || p.pubname FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid WHERE r.prrelid = ${oid}`,
  );
  return found.map(({ name }) => name);
}

/** Gives a table the rights that others have on another one. */
export async function carryGrants(session: Session, from: string, to: string): Promise<void> {
  const oid = `${literal(identifier(from))}::regclass`;
  const grants = await ask<{ privilege: string; grantee: string; option: boolean }>(
    session,
    `SELECT a.privilege_type::text AS privilege, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee, a.is_grantable AS option
     FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = ${oid} AND a.grantee <> c.relowner`,
  );
  for (const { privilege, grantee, option } of grants)
    await execute(session, `GRANT ${privilege} ON ${to} TO ${grantee}${option ? ' WITH GRANT OPTION' : ''}`);
}
