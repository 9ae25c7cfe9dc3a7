import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { ask } from './execute.ts';

/** What hangs on a table, by name, and would be lost or in the way if another table took its place. */
export async function attachments(session: Session, table: string): Promise<string[]> {
  const oid = `${literal(identifier(table))}::regclass`;
  const found = await ask<{ name: string }>(
    session,
    `SELECT DISTINCT 'view ' || v.oid::regclass::text AS name FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid JOIN pg_class v ON v.oid = r.ev_class
       WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = ${oid} AND v.oid <> ${oid}
     UNION ALL SELECT 'rule ' || rulename FROM pg_rewrite WHERE ev_class = ${oid}
     UNION ALL SELECT 'foreign key of ' || conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confrelid = ${oid} AND conrelid <> ${oid}
     UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgrelid = ${oid} AND NOT tgisinternal
     UNION ALL SELECT 'policy ' || polname FROM pg_policy WHERE polrelid = ${oid}
     UNION ALL SELECT 'row-level security' FROM pg_class WHERE oid = ${oid} AND relrowsecurity
     UNION ALL SELECT 'partitioned table ' || inhparent::regclass::text FROM pg_inherits WHERE inhrelid = ${oid}
     UNION ALL SELECT pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_depend d JOIN pg_class c ON c.reltype = d.refobjid
       WHERE d.refclassid = 'pg_type'::regclass AND c.oid = ${oid} AND d.deptype = 'n'
     UNION ALL SELECT 'publication ' || p.pubname FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid WHERE r.prrelid = ${oid}`,
  );
  return found.map(({ name }) => name);
}
