import type { TargetPlan, ValueKind } from '../../workflows/definition/index.ts';
import { ask } from '../drain/postgres.ts';
import { SINK_TABLES } from '../drain/sink-tables.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import type { Shape } from '../normalise/shape.ts';

/** A shape that no mapping was for when it was first met. */
export interface UnknownShape extends Shape {
  /** That wait for a mapping. */
  readonly records: number;
  /** ISO instant. */
  readonly firstSeen: string;
}

type Place = Pick<TargetPlan, 'schema' | 'table'>;

/** Whether anything was ever drained into the target's schema: our own tables are there. */
export async function isPrepared(session: Session, { schema }: Place): Promise<boolean> {
  const table = `${identifier(schema)}.${identifier(SINK_TABLES.aside)}`;
  const [found] = await ask<{ there: boolean }>(
    session,
    'sink',
    `SELECT to_regclass(${literal(table)}) IS NOT NULL AS there`,
  );
  return found?.there === true;
}

/** Those that most records wait for first. */
export async function unknownShapes(session: Session, { schema, table }: Place): Promise<UnknownShape[]> {
  const at = (name: string): string => `${identifier(schema)}.${identifier(name)}`;
  const rows = await ask<{ id: string; paths: string; records: string; first_seen: string }>(
    session,
    'sink',
    `SELECT s.shape_id AS id, s.paths::text AS paths, coalesce(w.records, 0) AS records,
        to_char(s.first_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS first_seen
      FROM ${at(SINK_TABLES.shapes)} AS s LEFT JOIN (SELECT shape_id, count(*) AS records FROM ${at(SINK_TABLES.aside)}
             WHERE table_name = ${literal(table)} AND reason IS NULL GROUP BY shape_id) AS w
        ON s.shape_id = w.shape_id ORDER BY 3 DESC, 1`,
  );
  return rows.map(({ id, paths, records, first_seen: firstSeen }) => {
    return { id, paths: JSON.parse(paths) as Record<string, ValueKind>, records: Number(records), firstSeen };
  });
}
