import { identifier, identifiers } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { differ, sameKey } from '../modes/target.ts';
import type { Load } from '../staged-load.ts';

/** How what is there differs from what was published. */
export interface Differences {
  readonly missing: number;
  readonly changed: number;
  readonly extra: number;
  /** Some of the rows, as many as were asked for. */
  readonly rows: readonly DifferingRow[];
}

export interface DifferingRow {
  readonly kind: 'missing' | 'changed' | 'extra';
  /** What the row is known by: its key, or all of it. Values as text; NULL is null. */
  readonly key: Readonly<Record<string, string | null>>;
  /** Values of the columns by which a table is partitioned. */
  readonly partition: Readonly<Record<string, string | null>>;
  /** Of a changed row: column → as published, as it is there. */
  readonly cells: readonly {
    readonly column: string;
    readonly published: string | null;
    readonly there: string | null;
  }[];
}

export interface Comparison {
  /** As the table holds it: the same columns of the same types. */
  readonly load: Load;
  readonly there: string;
  /** A condition over `there`: rows that were in force once the load was there. */
  readonly inForce: string;
  /** Rows that are not of the load are differences, too. */
  readonly isWhole: boolean;
  /** Later loads, whose keys are left aside. */
  readonly later: readonly string[];
  readonly limit: number;
}

export function findDifferences(session: Session, comparison: Comparison): Promise<Differences> {
  return comparison.load.table.key.length > 0 ? byKey(session, comparison) : byRow(session, comparison);
}

async function byKey(
  session: Session,
  { load, there, inForce, isWhole, later, limit }: Comparison,
): Promise<Differences> {
  const { key, partitionBy = [], partOf } = load.table;
  const things = partOf ?? key;
  const columns = load.columns.map(({ name }) => name);
  const shape = { key, columns, asText: [] };
  const mine = `(SELECT * FROM ${load.relation} AS load WHERE ${notIn(later, things, 'load')})`;
  const current = `(SELECT * FROM ${there} AS there WHERE ${inForce} AND ${notIn(later, things, 'there')})`;
  const changed = `FROM ${mine} AS load JOIN ${current} AS there ON ${sameKey(shape, 'load', 'there')} WHERE ${differ(shape, 'load', 'there')}`;
  const lacking = (from: string, other: string, name: string, otherName: string): string =>
    `FROM ${from} AS ${name} WHERE NOT EXISTS (SELECT 1 FROM ${other} AS ${otherName} WHERE ${sameKey(shape, otherName, name)})`;
  const missing = lacking(mine, current, 'load', 'there');
  // Of a thing of the load the table has the parts that it has, and no others.
  const ofThing = `EXISTS (SELECT 1 FROM ${mine} AS mine WHERE ${sameKey({ key: things }, 'mine', 'there')})`;
  const extra = `${lacking(current, mine, 'there', 'load')}${isWhole ? '' : ` AND ${ofThing}`}`;
  const mayHaveExtra = isWhole || partOf !== undefined;
  const counts = {
    missing: await session.count(`SELECT count(*) ${missing}`),
    changed: await session.count(`SELECT count(*) ${changed}`),
    extra: mayHaveExtra ? await session.count(`SELECT count(*) ${extra}`) : 0,
  };
  const known = [...new Set([...key, ...partitionBy])];
  const one = async (kind: 'missing' | 'extra', query: string, side: string): Promise<DifferingRow[]> => {
    if (counts[kind] === 0) return [];
    const rows = await session.rows<Cells>(`SELECT ${asText(known, side)} ${query} ORDER BY ALL LIMIT ${limit}`);
    return rows.map((cells) => ({ kind, key: pick(cells, key), partition: pick(cells, partitionBy), cells: [] }));
  };
  return {
    ...counts,
    rows: [
      ...(await changedRows(session, changed, { key, columns, partitionBy }, counts.changed > 0 ? limit : 0)),
      ...(await one('missing', missing, 'load')),
      ...(await one('extra', extra, 'there')),
    ].slice(0, limit),
  };
}

type Cells = Record<string, string | null>;

async function changedRows(
  session: Session,
  query: string,
  {
    key,
    columns,
    partitionBy,
  }: { readonly key: readonly string[]; readonly columns: readonly string[]; readonly partitionBy: readonly string[] },
  limit: number,
): Promise<DifferingRow[]> {
  if (limit === 0) return [];
  const side = (name: string, prefix: string): string =>
    columns
      .map((column) => `CAST(${name}.${identifier(column)} AS VARCHAR) AS ${identifier(prefix + column)}`)
      .join(', ');
  const rows = await session.rows<Cells>(
    `SELECT ${side('load', 'p ')}, ${side('there', 't ')} ${query} ORDER BY ${identifiers(key, 'load')} LIMIT ${limit}`,
  );
  return rows.map((cells) => {
    const published = (column: string): string | null => cells[`p ${column}`] ?? null;
    const now = (column: string): string | null => cells[`t ${column}`] ?? null;
    return {
      kind: 'changed',
      key: Object.fromEntries(key.map((column) => [column, published(column)])),
      partition: Object.fromEntries(partitionBy.map((column) => [column, now(column)])),
      cells: columns
        .filter((column) => published(column) !== now(column))
        .map((column) => ({ column, published: published(column), there: now(column) })),
    };
  });
}

/** Without a key a row is known by all of its values, and counts as often as it is there. */
async function byRow(session: Session, { load, there, isWhole, limit }: Comparison): Promise<Differences> {
  const columns = load.columns.map(({ name }) => name);
  const { partitionBy = [] } = load.table;
  const list = identifiers(columns);
  const grouped = (relation: string): string => `SELECT ${list}, count(*) AS "n rows" FROM ${relation} GROUP BY ALL`;
  const same = columns.map((name) => `l.${identifier(name)} IS NOT DISTINCT FROM t.${identifier(name)}`).join(' AND ');
  await session.run(
    `CREATE OR REPLACE TEMP TABLE "row differences" AS
     SELECT ${columns.map((name) => `CASE WHEN l."n rows" IS NULL THEN t.${identifier(name)} ELSE l.${identifier(name)} END AS ${identifier(name)}`).join(', ')},
            coalesce(l."n rows", 0) AS "n published", coalesce(t."n rows", 0) AS "n there"
     FROM (${grouped(load.relation)}) AS l FULL JOIN (${grouped(there)}) AS t ON ${same}
     WHERE coalesce(l."n rows", 0) > coalesce(t."n rows", 0) OR (${isWhole} AND coalesce(l."n rows", 0) <> coalesce(t."n rows", 0))`,
  );
  const [counts] = await session.rows<{ missing: string; extra: string }>(
    `SELECT coalesce(sum(greatest("n published" - "n there", 0)), 0) AS missing, coalesce(sum(greatest("n there" - "n published", 0)), 0) AS extra FROM "row differences"`,
  );
  const rows = await session.rows<Cells>(
    `SELECT CAST("n published" > "n there" AS VARCHAR) AS "is missing", ${asText(columns, 'd')} FROM "row differences" AS d LIMIT ${limit}`,
  );
  return {
    missing: Number(counts?.missing ?? 0),
    changed: 0,
    extra: Number(counts?.extra ?? 0),
    rows: rows.map((cells) => ({
      kind: cells['is missing'] === 'true' ? 'missing' : 'extra',
      key: pick(cells, columns),
      partition: pick(cells, partitionBy),
      cells: [],
    })),
  };
}

/** A condition over `side`: none of later loads has its key. */
export function notIn(later: readonly string[], key: readonly string[], side: string): string {
  const tuple = (name: string): string =>
    key.map((column) => `CAST(${name}.${identifier(column)} AS VARCHAR)`).join(', ');
  return (
    later
      .map((relation) => `NOT EXISTS (SELECT 1 FROM ${relation} AS later WHERE (${tuple('later')}) = (${tuple(side)}))`)
      .join(' AND ') || 'true'
  );
}

function asText(columns: readonly string[], side: string): string {
  return columns.map((column) => `CAST(${side}.${identifier(column)} AS VARCHAR) AS ${identifier(column)}`).join(', ');
}

function pick(cells: Cells, columns: readonly string[]): Cells {
  return Object.fromEntries(columns.map((column) => [column, cells[column] ?? null]));
}
