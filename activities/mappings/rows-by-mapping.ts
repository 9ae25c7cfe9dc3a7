import type { TargetPlan } from '../../workflows/definition/index.ts';
import { ask } from '../drain/postgres.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { asideTable } from './waiting-records.ts';

/** What a version of a mapping has made of records. */
export interface MappingCounts {
  readonly id: string;
  readonly version: number;
  readonly rows: number;
  /** Records that it could make no row of. */
  readonly quarantined: number;
}

export async function rowsByMapping(
  session: Session,
  { schema, table }: Pick<TargetPlan, 'schema' | 'table'>,
): Promise<MappingCounts[]> {
  const rows = await ask<{ id: string; version: number; rows: string; quarantined: string }>(
    session,
    'sink',
    `SELECT id, version, sum(rows) AS rows, sum(quarantined) AS quarantined FROM (
        SELECT mapping_id AS id, mapping_version AS version, count(*) AS rows, 0 AS quarantined
          FROM ${identifier(schema)}.${identifier(table)} GROUP BY 1, 2
        UNION ALL
        SELECT mapping_id, mapping_version, 0, count(*) FROM ${asideTable({ schema, table })}
          WHERE table_name = ${literal(table)} AND mapping_id IS NOT NULL GROUP BY 1, 2) AS counted
      GROUP BY id, version`,
  );
  return rows.map(({ id, version, rows: made, quarantined }) => {
    return { id, version, rows: Number(made), quarantined: Number(quarantined) };
  });
}
