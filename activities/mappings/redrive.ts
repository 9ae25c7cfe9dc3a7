import type { Mapping } from '../../workflows/definition/index.ts';
import type { Redriven, RedriveRequest } from '../../workflows/mappings-contract.ts';
import { FIRST_BATCH, nextBatchSize } from '../drain/batch-size.ts';
import { drainTotals } from '../drain/drain-ledger.ts';
import { inForce, storedMappings } from '../drain/mapping-store.ts';
import { ask } from '../drain/postgres.ts';
import { publishBatch } from '../drain/publish-batch.ts';
import { prepareSink, SINK_TABLES } from '../drain/sink-tables.ts';
import { TakenMeanwhile } from '../drain/take-back.ts';
import type { DrainSettings } from '../drain/urls.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { mappingsFor } from '../normalise/find-mapping.ts';
import { Normaliser } from '../normalise/normalise.ts';
import { ShapeBook } from '../normalise/shape-book.ts';
import type { Work } from '../progress.ts';
import { unknownShapes } from './unknown-shapes.ts';
import { asideTable, isWanted, readAside, slicesOf, type Passed, type Wanted } from './waiting-records.ts';
import { withSink } from './with-sink.ts';

/**
 * Takes up again the records that were put aside and that mappings in force are for, batch by batch: rows, the lines that go, and
 * the line in the ledger, in one transaction of the sink. Safe to run twice and to be killed anywhere: what is left is what
 * has not been taken. It ends with a sweep that finds nothing more.
 */
export async function redrive(request: RedriveRequest, work: Work, settings: DrainSettings): Promise<Redriven> {
  const { drain } = request;
  work.report({ step: 'connecting' });
  return withSink(drain.target, settings, work.signal, async (session) => {
    await prepareSink(session, drain.target);
    return redriveIn(session, request, work);
  });
}

/** The same in a session that has the sink already. */
export async function redriveIn(session: Session, request: RedriveRequest, work: Work): Promise<Redriven> {
  const { target } = request.drain;
  const mappings = inForce(await storedMappings(session, target));
  for (let rows = 0; ;) {
    const wanted = await wantedBy(session, request, mappings);
    let moved = 0;
    for (const slice of await slicesOf(session, target, wanted)) {
      moved += await sweep(session, request, { slice, wanted, mappings }, (more) => {
        work.report({ step: 'redriving', rows: (rows += more) });
      });
    }
    if (moved === 0) return account(session, request, wanted);
  }
}

interface Sweep {
  readonly slice: string;
  readonly wanted: Wanted;
  readonly mappings: readonly Mapping[];
}

/** Once through the records of a source. Returns how many were taken up. */
async function sweep(
  session: Session,
  { drain, run }: RedriveRequest,
  { slice, wanted, mappings }: Sweep,
  report: (records: number) => void,
): Promise<number> {
  const { target, embedded } = drain;
  const where = `slice = ${literal(slice)} AND ${isWanted(wanted)}`;
  let [moved, size] = [0, FIRST_BATCH];
  let passed: Passed | undefined;
  for (let number = 1; ; number += 1) {
    const batch = `r${number}`;
    const read = await readAside(session, batch, target, { where, passed, size });
    if (!read) return moved;
    const normaliser = new Normaliser(target, embedded, new ShapeBook(mappings), read.beside);
    const normalised = await normaliser.normalise(session, batch);
    // Those that no mapping takes stay where they are.
    await session.run(`
      DELETE FROM ${batch} WHERE source_id || chr(10) || record_digest IN (
        SELECT source_id || chr(10) || md5(coalesce(record, '')) FROM ${normalised.aside} WHERE reason IS NULL)`);
    await session.run(`DELETE FROM ${normalised.aside} WHERE reason IS NULL`);
    const taken = await session.count(`SELECT count(*) FROM ${batch}`);
    const started = performance.now();
    if (taken > 0 && (await publish())) {
      moved += taken;
      report(taken);
    }
    size = nextBatchSize(size, taken, (performance.now() - started) / 1000);
    passed = read.last;
    for (const table of [batch, normalised.aside, normalised.rows])
      if (table !== undefined) await session.run(`DROP TABLE ${table}`);

    async function publish(): Promise<boolean> {
      const context = { run, slice, target, instead: batch };
      try {
        await publishBatch(session, { ...normalised, unknown: [] }, context);
        return true;
      } catch (error) {
        // Whatever of these is still there, the next sweep finds.
        if (error instanceof TakenMeanwhile) return true;
        throw error;
      }
    }
  }
}

/** The records that the mappings of a request are for. */
async function wantedBy(
  session: Session,
  { drain, mapping }: RedriveRequest,
  mappings: readonly Mapping[],
): Promise<Wanted> {
  const own = mapping === undefined ? mappings : mappings.filter(({ id }) => id === mapping.id);
  const shapes = (await unknownShapes(session, drain.target)).filter((shape) =>
    mappingsFor(shape, mappings).some((candidate) => own.includes(candidate.mapping)),
  );
  return { shapes: shapes.map(({ id }) => id), mappings: own.map(({ id, version }) => ({ id, version })) };
}

/** All that stands in the ledger, whoever has written it: attempts that were killed count as well. */
async function account(
  session: Session,
  { drain: { target }, run }: RedriveRequest,
  { shapes }: Wanted,
): Promise<Redriven> {
  const slices = await ask<{ slice: string }>(
    session,
    'sink',
    `SELECT DISTINCT slice FROM ${identifier(target.schema)}.${identifier(SINK_TABLES.batches)} WHERE run_id = ${literal(run.runId)}`,
  );
  const totals = [];
  for (const { slice } of slices) totals.push(await drainTotals(session, target, run.runId, slice));
  const [left] = await ask<{ records: string }>(
    session,
    'sink',
    `SELECT count(*) AS records FROM ${asideTable(target)}
      WHERE table_name = ${literal(target.table)} AND ${isWanted({ shapes, mappings: [] })}`,
  );
  return {
    loaded: totals.reduce((sum, { inserted, unchanged }) => sum + inserted + unchanged, 0),
    quarantined: totals.reduce((sum, { quarantined }) => sum + quarantined, 0),
    reasons: totals.flatMap(({ reasons }) => reasons).sort((a, b) => b.rows - a.rows),
    waiting: Number(left?.records ?? 0),
  };
}
