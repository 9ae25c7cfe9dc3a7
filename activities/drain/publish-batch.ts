import type { TargetPlan } from '../../workflows/definition/index.ts';
import type { RunIdentity } from '../../workflows/stages.ts';
import { duckdbType } from '../duckdb/column-types.ts';
import { identifier, identifiers, literal } from '../duckdb/identifiers.ts';
import { rowsDigest } from '../duckdb/rows-digest.ts';
import type { Session } from '../duckdb/session.ts';
import type { NormalisedBatch } from '../normalise/normalise.ts';
import { postgresColumn } from '../publish/postgres/column-types.ts';
import { leaveOutKnown, leaveOutRepeated } from './known-records.ts';
import { execute } from './postgres.ts';
import { isOfOneRow, putPoisonAside } from './put-poison-aside.ts';
import { SINK_TABLES } from './sink-tables.ts';
import { takeBack } from './take-back.ts';

/** Where a batch comes from and goes to. */
export interface BatchContext {
  readonly run: Pick<RunIdentity, 'pipeline' | 'runId'>;
  /** The source's name. */
  readonly slice: string;
  readonly target: TargetPlan;
  /**
   * Of records that were put aside before: a table of the session with their lines there, `source_id, record_digest, beside`. They
   * go in the same transaction, or nothing is written.
   */
  readonly instead?: string;
}

/** What became of the records of a batch: `read` is their sum. */
export interface BatchCounts {
  readonly inserted: number;
  /** Rows that are there already, by their ids and records. */
  readonly unchanged: number;
  readonly quarantined: number;
  readonly unknownShape: number;
}

/** Another process may load the same records at the same moment; and some rows of a batch may be refused. */
const TRIES = 20;
const MOST_REASONS = 20;

/**
 * Writes a batch, what was put aside of it, and its line in the ledger, in one transaction. Records that are there already are
 * recognised by their ids: a batch that comes twice is loaded once. A row that Postgres does not take is put aside, too.
 *
 * @param also what belongs into the same transaction
 */
export async function publishBatch(
  session: Session,
  batch: NormalisedBatch,
  context: BatchContext,
  also: (session: Session) => Promise<void> = () => Promise.resolve(),
): Promise<BatchCounts> {
  const loadId = await loadIdOf(session, batch);
  await session.run(`ALTER TABLE ${batch.aside} ADD COLUMN known BOOLEAN DEFAULT false`);
  let unchanged = await leaveOutRepeated(session, batch);
  for (let tries = 1; ; tries += 1) {
    try {
      await session.run('BEGIN TRANSACTION');
      const counts = await write(session, batch, context, loadId, unchanged);
      await also(session);
      await session.run('COMMIT');
      return counts;
    } catch (error) {
      await session.run('ROLLBACK').catch(() => undefined);
      const message = error instanceof Error ? error.message : '';
      if (tries === TRIES) throw error;
      if (/duplicate key value/.test(message)) unchanged += await leaveOutKnown(session, batch, context);
      else if (!isOfOneRow(error) || !(await putPoisonAside(session, batch, context.target))) throw error;
    }
  }
}

/** Names a batch by its records: the same ones, read again, give the same. */
async function loadIdOf(session: Session, { rows, aside }: NormalisedBatch): Promise<string> {
  const ids = [rows, aside].flatMap((table) => (table === undefined ? [] : [`SELECT source_id FROM ${table}`]));
  const [row] = await session.rows<{ id: string }>(
    `SELECT md5(coalesce(string_agg(source_id, chr(10) ORDER BY source_id), '')) AS id FROM (${ids.join(' UNION ALL ')})`,
  );
  return row?.id ?? '';
}

async function write(
  session: Session,
  batch: NormalisedBatch,
  context: BatchContext,
  loadId: string,
  unchanged: number,
): Promise<BatchCounts> {
  const { run, slice, target, instead } = context;
  const { rows, aside, unknown } = batch;
  const at = (table: string): string => `${identifier(target.schema)}.${identifier(table)}`;
  if (instead) await takeBack(session, instead, target);
  const inserted = rows === undefined ? 0 : await session.count(`SELECT count(*) FROM ${rows}`);
  if (rows !== undefined && inserted > 0) await session.run(insertRows(rows, target));
  const reasons = await session.rows<{ reason: string | null; records: string }>(
    `SELECT reason, count(*) AS records FROM ${aside} GROUP BY reason ORDER BY count(*) DESC, reason`,
  );
  const unknownShape = sum(reasons.filter(({ reason }) => reason === null));
  const quarantined = sum(reasons) - unknownShape;
  if (unknown.length > 0) {
    const shapes = unknown.map(({ id, paths }) => `(${literal(id)}, ${literal(JSON.stringify(paths))})`);
    await execute(
      session,
      'sink',
      `INSERT INTO ${at(SINK_TABLES.shapes)} (shape_id, paths) VALUES ${shapes.join(', ')} ON CONFLICT DO NOTHING`,
    );
  }
  if (reasons.length > 0) await session.run(insertAside(aside, context));
  const digest = rows === undefined ? '0'.repeat(32) : (await rowsDigest(session, rows, digested(target))).digest;
  const named = reasons.flatMap(({ reason, records }) => (reason === null ? [] : [{ reason, rows: Number(records) }]));
  const counts = { inserted, unchanged, quarantined, unknownShape };
  await execute(
    session,
    'sink',
    `INSERT INTO ${at(SINK_TABLES.batches)}
       (load_id, run_id, pipeline, table_name, slice, read, rows, inserted, unchanged, quarantined, unknown_shape, reasons, digest)
     VALUES (${[loadId, run.runId, run.pipeline, target.table, slice].map(literal).join(', ')},
       ${inserted + unchanged + quarantined + unknownShape}, ${inserted + unchanged}, ${inserted}, ${unchanged},
       ${quarantined}, ${unknownShape}, ${literal(JSON.stringify(named.slice(0, MOST_REASONS)))}, ${literal(digest)})`,
  );
  return counts;
}

/** What tells a row from others, when it was made aside. */
function digested({ columns }: TargetPlan): string[] {
  return ['source_id', ...columns.map(({ name }) => name), 'mapping_id', 'mapping_version', 'raw'];
}

/** SQL that writes rows to the target. @param rows a table, or a selection of one */
export function insertRows(rows: string, { schema, table, columns }: TargetPlan): string {
  const own = columns.map(({ name, type }) => {
    const { expression } = postgresColumn(
      name,
      { TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE' }[duckdbType(type)] ?? duckdbType(type),
    );
    return { name, expression };
  });
  const names = [
    'event_id',
    'source_id',
    ...own.map(({ name }) => name),
    'shape_id',
    'mapping_id',
    'mapping_version',
    'raw',
  ];
  const values = [
    'event_id',
    'source_id',
    ...own.map(({ expression }) => expression),
    'shape_id',
    'mapping_id',
    'mapping_version',
    'raw',
  ];
  return `INSERT INTO sink.${identifier(schema)}.${identifier(table)} (${identifiers(names)}, normalized_at)
    SELECT ${values.join(', ')}, now() FROM ${rows}`;
}

function insertAside(aside: string, { run, slice, target, instead }: BatchContext): string {
  const own = ['source_id', 'shape_id', 'mapping_id', 'mapping_version', 'misfit', 'reason', 'record', 'beside'];
  // What stands beside a record is not part of a row: a row that became none has it where it was put aside before.
  const lines = instead
    ? `(SELECT a.* REPLACE (coalesce(a.beside, i.beside) AS beside) FROM ${aside} AS a LEFT JOIN ${instead} AS i
          ON i.source_id = a.source_id AND i.record_digest = md5(coalesce(a.record, '')))`
    : aside;
  return `INSERT INTO sink.${identifier(target.schema)}.${identifier(SINK_TABLES.aside)}
      (table_name, slice, record_digest, ${identifiers(own)}, run_id, put_aside_at)
    SELECT ${literal(target.table)}, ${literal(slice)}, md5(coalesce(record, '')), ${identifiers(own)}, ${literal(run.runId)}, now()
    FROM ${lines} WHERE NOT known`;
}

function sum(counts: readonly { readonly records: string }[]): number {
  return counts.reduce((all, { records }) => all + Number(records), 0);
}
