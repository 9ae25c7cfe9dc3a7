import { identifier } from '../../activities/duckdb/identifiers.ts';
import type { Session } from '../../activities/duckdb/session.ts';
import { olderRows } from '../../activities/transform/keep-latest.ts';
import type { ModelPlan } from '../../workflows/definition/index.ts';

/** Leaves the latest rows in a table, as a model does. Returns how many went. */
export async function keepLatest(
  session: Session,
  table: string,
  way: Pick<ModelPlan, 'key' | 'keepLatestBy' | 'partOf'>,
): Promise<number> {
  const from = identifier(table);
  const columns = await session.rows<{ column_name: string }>(`DESCRIBE ${from}`);
  let gone = 0;
  for (const older of olderRows(
    from,
    'rowid',
    way,
    columns.map(({ column_name: name }) => name),
  ))
    gone += await session.count(`DELETE FROM ${from} WHERE rowid IN (${older})`);
  return gone;
}
