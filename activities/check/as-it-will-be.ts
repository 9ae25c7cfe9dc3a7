import type { TablePlan } from '../../workflows/definition/index.ts';
import { identifier } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { isProvenance } from '../names/provenance.ts';

/** A table as it stands at its destination. */
export interface StandingRelation {
  /** As SQL reads it. */
  readonly relation: string;
  readonly columns: readonly string[];
}

/**
 * Makes a view of a table as it will be once a load is merged into it: what stands there, without the rows whose key the load
 * has, and the load. Of a table that has no load, as it stands. The view is a temporary one: those a read-only transaction may
 * make, too.
 *
 * @param load SQL of the staged rows; absent where nothing is loaded
 */
export async function attachAsItWillBe(
  session: Session,
  { name, key }: Pick<TablePlan, 'name' | 'key'>,
  there: StandingRelation | undefined,
  load: string | undefined,
): Promise<void> {
  const parts = [
    ...(there ? [`SELECT * FROM ${there.relation} AS there${load === undefined ? '' : without(load, key)}`] : []),
    ...(load === undefined ? [] : [`SELECT ${await ownColumns(session, load)} FROM ${load}`]),
  ];
  if (parts.length === 0) return;
  await session.run(`CREATE TEMP VIEW ${identifier(name)} AS ${parts.join('\nUNION ALL BY NAME ')}`);
}

function without(load: string, key: readonly string[]): string {
  const same = key.map((column) => `load.${identifier(column)} = there.${identifier(column)}`).join(' AND ');
  return ` WHERE NOT EXISTS (SELECT 1 FROM ${load} AS load WHERE ${same})`;
}

/** Where a row stood at its source is no part of the table. */
async function ownColumns(session: Session, load: string): Promise<string> {
  const columns = await session.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM ${load}`);
  const own = columns.map(({ column_name: name }) => name).filter((name) => !isProvenance(name));
  return own.map(identifier).join(', ');
}
