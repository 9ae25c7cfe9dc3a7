import type { TargetPlan } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import type { NormalisedBatch } from '../normalise/normalise.ts';
import { arrayLiteral, askSql } from './postgres.ts';
import { SINK_TABLES } from './sink-tables.ts';

export const OTHER_RECORD = 'another record has the same id';

/**
 * Records of one batch that have an id in common: the first stays; one that is the same counts as unchanged, and one that is
 * another is put aside. Returns how many are unchanged.
 */
export async function leaveOutRepeated(session: Session, { rows, aside }: NormalisedBatch): Promise<number> {
  await session.run(`
    DELETE FROM ${aside} AS a WHERE EXISTS (
      SELECT 1 FROM ${aside} AS b WHERE b.source_id = a.source_id AND b.record IS NOT DISTINCT FROM a.record AND b.rowid < a.rowid)`);
  if (rows === undefined) return 0;
  const repeated = await session.count(`SELECT count(*) - count(DISTINCT source_id) FROM ${rows}`);
  if (repeated === 0) return 0;
  const firsts = `${rows}_firsts`;
  await session.run(
    `CREATE TABLE ${firsts} AS SELECT min(rowid) AS place, source_id FROM ${rows} GROUP BY source_id HAVING count(*) > 1`,
  );
  const is = (comparison: string): string => `
    FROM ${rows} AS r JOIN ${firsts} AS f ON r.source_id = f.source_id AND r.rowid > f.place
      JOIN ${rows} AS first ON first.rowid = f.place AND first.raw ${comparison} r.raw`;
  await session.run(putAside(aside, is('<>')));
  const unchanged = await session.count(`SELECT count(*) ${is('=')}`);
  await session.run(
    `DELETE FROM ${rows} AS r USING ${firsts} AS f WHERE r.source_id = f.source_id AND r.rowid > f.place`,
  );
  await session.run(`DROP TABLE ${firsts}`);
  return unchanged;
}

/**
 * Asks the sink which records it has: those that it has as they are leave the batch, and one that differs is put aside.
 * Returns how many are unchanged.
 */
export async function leaveOutKnown(
  session: Session,
  { rows, aside }: NormalisedBatch,
  { target: { schema, table }, instead }: { readonly target: TargetPlan; readonly instead?: string },
): Promise<number> {
  if (!instead) await leaveOutPutAside(session, aside, { schema, table });
  if (rows === undefined) return 0;
  const there = `${rows}_there`;
  await session.run(`
    CREATE TABLE ${there} AS ${askSql(
      'sink',
      `SELECT source_id, md5(raw::text) AS digest FROM ${identifier(schema)}.${identifier(table)}
        WHERE source_id = ANY (${await idsOf(session, rows)}::text[])`,
    )}`);
  const is = (comparison: string): string =>
    `FROM ${rows} AS r JOIN ${there} AS t ON t.source_id = r.source_id AND t.digest ${comparison} md5(r.raw)`;
  await session.run(putAside(aside, is('<>')));
  const unchanged = await session.count(`SELECT count(*) ${is('=')}`);
  await session.run(`DELETE FROM ${rows} WHERE source_id IN (SELECT source_id FROM ${there})`);
  await session.run(`DROP TABLE ${there}`);
  return unchanged;
}

/** Those that are put aside already stay as they are there. */
async function leaveOutPutAside(
  session: Session,
  aside: string,
  { schema, table }: Pick<TargetPlan, 'schema' | 'table'>,
): Promise<void> {
  const asides = `${aside}_there`;
  const wanted = await idsOf(session, aside);
  await session.run(`
    CREATE TABLE ${asides} AS ${askSql(
      'sink',
      `SELECT source_id, record_digest FROM ${identifier(schema)}.${identifier(SINK_TABLES.aside)}
        WHERE table_name = ${literal(table)} AND source_id = ANY (${wanted}::text[])`,
    )}`);
  await session.run(`
    UPDATE ${aside} AS a SET known = true FROM ${asides} AS t
    WHERE t.source_id = a.source_id AND t.record_digest = md5(coalesce(a.record, ''))`);
  await session.run(`DROP TABLE ${asides}`);
}

async function idsOf(session: Session, table: string): Promise<string> {
  const rows = await session.rows<{ source_id: string }>(`SELECT DISTINCT source_id FROM ${table}`);
  return arrayLiteral(rows.map(({ source_id: id }) => id));
}

function putAside(aside: string, from: string): string {
  return `INSERT INTO ${aside}
    SELECT r.source_id, r.shape_id, r.mapping_id, r.mapping_version, NULL, ${literal(OTHER_RECORD)}, r.raw, NULL, false ${from}`;
}
