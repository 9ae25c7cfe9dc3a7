import type { TargetPlan } from '../../workflows/definition/index.ts';
import { OTHER_RECORD } from '../drain/known-records.ts';
import { arrayLiteral, ask, askSql } from '../drain/postgres.ts';
import { REFUSED } from '../drain/put-poison-aside.ts';
import { SINK_TABLES } from '../drain/sink-tables.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';

type Place = Pick<TargetPlan, 'schema' | 'table'>;

/** What a mapping is tried on: records of unknown shapes, and those that an earlier version of it has quarantined. */
export interface Wanted {
  readonly shapes: readonly string[];
  readonly mappings: readonly { readonly id: string; readonly version: number }[];
}

/** The last line that was read, in the order of the table's key. */
export interface Passed {
  readonly id: string;
  readonly digest: string;
}

export function asideTable({ schema }: Place): string {
  return `${identifier(schema)}.${identifier(SINK_TABLES.aside)}`;
}

/** SQL of Postgres. What is no matter of a mapping would come out the same once more. */
export function isWanted({ shapes, mappings }: Wanted): string {
  const earlier = mappings.map(
    ({ id, version }) => `(mapping_id = ${literal(id)} AND mapping_version < ${String(version)})`,
  );
  return `(${[
    `(reason IS NULL AND shape_id = ANY (${arrayLiteral(shapes)}::text[]))`,
    ...(earlier.length === 0
      ? []
      : [`(reason NOT IN (${[OTHER_RECORD, REFUSED].map(literal).join(', ')}) AND (${earlier.join(' OR ')}))`]),
  ].join(' OR ')})`;
}

/** Sources that some of the records come from. */
export async function slicesOf(session: Session, place: Place, wanted: Wanted): Promise<string[]> {
  const rows = await ask<{ slice: string }>(
    session,
    'sink',
    `SELECT DISTINCT slice FROM ${asideTable(place)} WHERE table_name = ${literal(place.table)} AND ${isWanted(wanted)} ORDER BY 1`,
  );
  return rows.map(({ slice }) => slice);
}

/**
 * Fills a new table with records that were put aside, as the normaliser takes them: `source_id, record, row_…`, and
 * `record_digest, beside`. Returns the last of them, and the columns that stand beside them; nothing: there are none.
 */
export async function readAside(
  session: Session,
  table: string,
  place: Place,
  { where, passed, size }: { readonly where: string; readonly passed?: Passed | undefined; readonly size: number },
): Promise<{ last: Passed; beside: string[] } | undefined> {
  const behind = passed ? `AND (source_id, record_digest) > (${literal(passed.id)}, ${literal(passed.digest)})` : '';
  const query = `SELECT source_id, record_digest, record, beside FROM ${asideTable(place)}
    WHERE table_name = ${literal(place.table)} AND ${where} ${behind} ORDER BY source_id, record_digest LIMIT ${size}`;
  const raw = `${table}_raw`;
  await session.run(`CREATE TABLE ${raw} AS ${askSql('sink', query)}`);
  try {
    const [last] = await session.rows<{ id: string; digest: string }>(
      `SELECT source_id AS id, record_digest AS digest FROM ${raw} ORDER BY rowid DESC LIMIT 1`,
    );
    if (!last) return undefined;
    const names = await session.rows<{ name: string }>(
      `SELECT DISTINCT unnest(json_keys(beside)) AS name FROM ${raw} WHERE beside IS NOT NULL ORDER BY 1`,
    );
    const beside = names.map(({ name }) => name);
    const columns = beside.map(
      (name) => `json_extract_string(beside, ${literal(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)})
        AS ${identifier(`row_${name}`)}`,
    );
    await session.run(
      `CREATE TABLE ${table} AS SELECT ${['source_id', 'record_digest', 'record', 'beside', ...columns].join(', ')} FROM ${raw} ORDER BY rowid`,
    );
    return { last, beside };
  } finally {
    await session.run(`DROP TABLE ${raw}`);
  }
}

/** Longer ones are no better as examples. */
const MOST_BYTES = 64 * 1024;

/** Some records of a shape that wait, the same ones each time. */
export async function sampleRecords(session: Session, place: Place, shapeId: string, most: number): Promise<string[]> {
  const rows = await ask<{ record: string }>(
    session,
    'sink',
    `SELECT record FROM ${asideTable(place)} WHERE table_name = ${literal(place.table)} AND shape_id = ${literal(shapeId)}
        AND reason IS NULL AND octet_length(record) <= ${MOST_BYTES} ORDER BY source_id, record_digest LIMIT ${most}`,
  );
  return rows.map(({ record }) => record);
}
