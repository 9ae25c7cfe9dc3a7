import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepApproved } from '../../../activities/mappings/keep-mapping.ts';
import { redrive } from '../../../activities/mappings/redrive.ts';
import { storedMappings } from '../../../activities/drain/mapping-store.ts';
import { reviewWaiting } from '../../../activities/mappings/review-waiting.ts';
import { studyShape } from '../../../activities/mappings/shape-proposals.ts';
import { unknownShapes } from '../../../activities/mappings/unknown-shapes.ts';
import { withSink } from '../../../activities/mappings/with-sink.ts';
import type { Mapping } from '../../../workflows/definition/index.ts';
import type { Redriven } from '../../../workflows/mappings-contract.ts';
import { drainedPayments, type DrainedPayments } from '../../support/drained-payments.ts';
import { askPostgres, startPostgres, type PostgresServer } from '../../support/postgres.ts';
import { startFakeModel } from '../../support/fake-model.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const work = { signal: new AbortController().signal, report: () => undefined };

const RUN = {
  ...{ pipeline: 'payments', environment: 'test', workflowId: 'w', runId: 'run-2', rootRunId: 'run-2' },
  startedAt: '2026-06-30T00:00:00Z',
};

const TABLE = `CREATE TABLE raw_transactions (id uuid PRIMARY KEY, data jsonb, merchant jsonb, transactional_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(), processed boolean NOT NULL DEFAULT false, processed_at timestamptz);`;

/** Records that wait, `g` of which is their number. */
function waiting(records: number, data: string): string {
  return `${TABLE} INSERT INTO raw_transactions (id, data, merchant) SELECT md5('r' || g)::uuid, ${data},
    '{"id": "m-7", "name": "Seven", "country": "ES"}' FROM generate_series(1, ${records}) AS g;`;
}

const MONTO = `jsonb_build_object('monto', g || ',50', 'estado', (ARRAY['APROBADA', 'NADA'])[1 + g % 2])`;

/** Approves what the matcher proposes for the only shape. */
async function approveProposal(
  { plan, variables }: DrainedPayments,
  change: (mapping: Mapping) => Mapping = (mapping) => mapping,
): Promise<Mapping> {
  const { shape, mapping } = await withSink(plan.target, { variables }, work.signal, async (session) => {
    const [only] = await unknownShapes(session, plan.target);
    const { proposal } = await studyShape(session, plan, only!, []);
    return { shape: only!, mapping: change(proposal.mapping) };
  });
  await keepApproved({ drain: plan, shape, mapping }, work, { variables });
  return mapping;
}

function again({ plan, variables }: DrainedPayments, { id, version }: Mapping, runId = 'review-1'): Promise<Redriven> {
  return redrive({ run: { pipeline: 'payments', runId }, drain: plan, mapping: { id, version } }, work, { variables });
}

async function counts({ sink }: DrainedPayments): Promise<Record<string, number>> {
  const [row] = await askPostgres(
    sink,
    `SELECT (SELECT count(*) FROM normalized_payment_events) AS rows, (SELECT count(*) FROM _acequia_aside) AS aside,
      (SELECT count(DISTINCT source_id) FROM (SELECT source_id FROM normalized_payment_events
         UNION ALL SELECT source_id FROM _acequia_aside) AS every) AS ids,
      (SELECT coalesce(sum(inserted), 0) FROM _acequia_batches) AS inserted`,
  );
  return Object.fromEntries(Object.entries(row!).map(([name, value]) => [name, Number(value)]));
}

test('records that wait become rows, with what stood beside them; run again, it says the same', async () => {
  const place = await drainedPayments(server, waiting(5_000, MONTO));
  const mapping = await approveProposal(place);
  const redriven = await again(place, mapping);
  expect(redriven).toEqual({ loaded: 5_000, quarantined: 0, reasons: [], waiting: 0 });
  expect(await counts(place)).toEqual({ rows: 5_000, aside: 0, ids: 5_000, inserted: 5_000 });
  const [sums] = await askPostgres(
    place.sink,
    `SELECT sum(amount)::numeric(20,2)::text AS amount, min(merchant_id) AS merchant,
      count(*) FILTER (WHERE status = 'approved') AS approved FROM normalized_payment_events`,
  );
  expect(sums).toEqual({ amount: '12505000.00', merchant: 'm-7', approved: '2500' });
  expect(await again(place, mapping)).toEqual(redriven);
  expect((await again(place, mapping, 'review-2')).loaded).toBe(0);
});

test('two at the same time, and a stop in between: each record once', async () => {
  const place = await drainedPayments(server, waiting(9_000, MONTO));
  const mapping = await approveProposal(place);
  const stop = new AbortController();
  const stopped = redrive(
    { run: { pipeline: 'payments', runId: 'a' }, drain: place.plan, mapping },
    { signal: stop.signal, report: ({ rows = 0 }) => rows > 0 && stop.abort(new Error('stopped')) },
    place,
  );
  await expect(stopped).rejects.toThrow('stopped');
  const before = await counts(place);
  expect(before['rows']! + before['aside']!).toBe(9_000);
  expect(before['rows']).toBeGreaterThan(0);
  const ends = await Promise.all([again(place, mapping, 'b'), again(place, mapping, 'c')]);
  expect(ends.reduce((sum, { loaded }) => sum + loaded, before['rows']!)).toBe(9_000);
  expect(await counts(place)).toEqual({ rows: 9_000, aside: 0, ids: 9_000, inserted: 9_000 });
});

test('what a version could not read is quarantined with its reason, and taken up by the next version', async () => {
  const place = await drainedPayments(server, waiting(40, MONTO));
  const strict = await approveProposal(place, (mapping) => ({
    ...mapping,
    columns: { ...mapping.columns, status: { path: 'estado', lookup: { APROBADA: 'approved' } } },
  }));
  expect(await again(place, strict)).toEqual({
    ...{ loaded: 20, quarantined: 20, waiting: 0 },
    reasons: [{ reason: 'status: not in the lookup of its mapping', rows: 20 }],
  });
  expect(await counts(place)).toMatchObject({ rows: 20, aside: 20, ids: 40 });
  const next = await approveProposal(place, () => ({
    ...strict,
    version: 2,
    columns: { ...strict.columns, status: { path: 'estado', lookup: { APROBADA: 'approved', NADA: 'error' } } },
  }));
  expect(await again(place, next, 'review-2')).toMatchObject({ loaded: 20, quarantined: 0 });
  expect(await counts(place)).toMatchObject({ rows: 40, aside: 0, ids: 40 });
  expect(await askPostgres(place.sink, 'SELECT DISTINCT merchant_id AS m FROM normalized_payment_events')).toEqual([
    { m: 'm-7' },
  ]);
});

test('conditions: the others go on waiting, and another mapping of the same shape takes them', async () => {
  const place = await drainedPayments(server, waiting(10, MONTO));
  const only = (status: string, id: string) => (mapping: Mapping) => ({
    ...{ ...mapping, id },
    when: [{ path: 'estado', equals: status }],
  });
  const approved = await approveProposal(place, only('APROBADA', 'approved-only'));
  expect(await again(place, approved)).toMatchObject({ loaded: 5, waiting: 5 });
  const others = await approveProposal(place, () => only('NADA', 'others')(approved));
  expect(await again(place, others, 'review-2')).toMatchObject({ loaded: 5, waiting: 0 });
});

test('a version that is there, an older one, and one for other records are refused; nothing is kept', async () => {
  const place = await drainedPayments(server, waiting(3, MONTO));
  await approveProposal(place, (mapping) => ({ ...mapping, version: 3 }));
  for (const version of [2, 3]) {
    await expect(approveProposal(place, (mapping) => ({ ...mapping, version, summary: 'another' }))).rejects.toThrow(
      /is there in version 3[\s\S]*"version": 4/,
    );
  }
  const misfit = approveProposal(place, (mapping) => ({
    ...mapping,
    id: 'misfit',
    shape: { required: { amt: 'number' } },
  }));
  await expect(misfit).rejects.toThrow(/amt is required, and the records have no such path/);
  const rival = approveProposal(place, (mapping) => ({ ...mapping, id: 'rival' }));
  await expect(rival).rejects.toThrow(/nothing says which of both/);
  const kept = await askPostgres(
    place.sink,
    `SELECT mapping_id || ' ' || version AS m FROM _acequia_mappings WHERE origin = 'person'`,
  );
  expect(kept).toHaveLength(1);
});

test('the end of a drain takes up what was approved meanwhile', async () => {
  const place = await drainedPayments(server, waiting(6, MONTO));
  await approveProposal(place);
  expect(await reviewWaiting({ run: RUN, drain: place.plan }, work, place)).toEqual({ loaded: 6 });
});

test('a model completes what the matcher cannot, once for each shape, and sees no value', async () => {
  const secret = 'zz-marker-4711';
  // Of two fields that are written alike and called like nothing, the matcher takes none.
  const place = await drainedPayments(
    server,
    waiting(4, `jsonb_build_object('hereof', g || ',50', 'thereof', g || ',70', 'state', 'ok', 'who', '${secret}')`),
  );
  const answer = { refusal: null, columns: [{ column: 'amount', path: 'hereof', format: '1.234,56', epoch: null }] };
  const fakes = { denied: [{ status: 401 }], answering: [{ status: 503 }, JSON.stringify(answer)] };
  const [denied, model] = [await startFakeModel(fakes.denied), await startFakeModel(fakes.answering)];
  const review = async ({ url }: { url: string }) =>
    (
      await reviewWaiting({ run: RUN, drain: place.plan }, work, {
        ...place,
        variables: { ...place.variables, ACEQUIA_MODEL_KEY: 'k-4711' },
        model: { url, name: 'm' },
      })
    ).model;
  try {
    const told = await review(denied);
    expect(told).toMatchObject({ asked: 0, problem: expect.stringMatching(/does not accept the key \(401/) as string });
    expect(JSON.stringify(told)).not.toContain('k-4711');
    expect(denied.bodies).toHaveLength(1);
    expect(await review(model)).toEqual({ asked: 1, proposed: 1 });
    expect(await review(model)).toEqual({ asked: 0, proposed: 0 });
    expect(model.bodies).toHaveLength(2);
    expect(model.authorizations).toEqual(['Bearer k-4711', 'Bearer k-4711']);
    expect(model.bodies.join()).not.toMatch(/4711|,50|"ok"/);
  } finally {
    await Promise.all([denied.stop(), model.stop()]);
  }
  const { by, proposal } = await withSink(place.plan.target, place, work.signal, async (session) => {
    const [only] = await unknownShapes(session, place.plan.target);
    return studyShape(session, place.plan, only!, await storedMappings(session, place.plan.target));
  });
  expect({ by, missing: proposal.missing }).toEqual({ by: 'model', missing: [] });
  expect(proposal.mapping.columns['amount']).toEqual({ path: 'hereof', formats: ['1.234,56'] });
});

test('a useless answer is kept, so that it is not asked for again', async () => {
  const place = await drainedPayments(
    server,
    waiting(2, `jsonb_build_object('a', g || ',50', 'b', g || ',70', 'state', 'ok')`),
  );
  const model = await startFakeModel(['no JSON']);
  const settings = { ...place, model: { url: model.url, name: 'm' } };
  try {
    for (const asked of [1, 0]) {
      const reviewed = await reviewWaiting({ run: RUN, drain: place.plan }, work, settings);
      expect(reviewed.model).toEqual({ asked, proposed: 0 });
    }
  } finally {
    await model.stop();
  }
  const kept = await askPostgres(place.sink, `SELECT state FROM _acequia_mappings WHERE origin = 'model'`);
  expect(kept).toEqual([{ state: 'refused' }]);
});
