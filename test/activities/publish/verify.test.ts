import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withSession } from '../../../activities/duckdb/session.ts';
import { verifyLoad, type LoadToVerify, type Verified } from '../../../activities/publish/verify/verify-table.ts';
import type { TablePlan } from '../../../workflows/definition/index.ts';
import type { StagedTable } from '../../../workflows/stages.ts';
import { stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { changeByHand } from './change-by-hand.ts';
import { DESTINATIONS, PARTITIONED, publishAs, requestOf, SERVED, table, type Destination } from './destinations.ts';

const WAYS = [
  { mode: 'replace', key: ['id'] },
  { mode: 'replace', key: [] },
  { mode: 'append', key: [] },
  { mode: 'merge', key: ['id'] },
  { mode: 'delete-missing', missing: 'hard', key: ['id'] },
  { mode: 'delete-missing', missing: 'soft', key: ['id'] },
  { mode: 'scd2', missing: 'close', key: ['id'] },
] as const;

const rows = (from: number, to: number, note = 'as it was') =>
  `SELECT i::BIGINT AS id, '${note}' AS note, (i / 4)::DECIMAL(9,2) AS price, DATE '2025-03-07' + (i % 2)::INTEGER AS day FROM range(${from}, ${to}) t(i)`;

/** A destination with loads in it, each of which can be verified. */
async function published(destination: Destination, way: Partial<TablePlan>, queries: readonly string[]) {
  const folder = await temporaryFolder();
  const { partitionBy } = destination;
  const plan = table(way.mode ?? 'replace', { ...way, vanishAtMost: 1, ...(partitionBy ? { partitionBy } : {}) });
  const path = join(folder, destination.path);
  const place = {
    kind: destination.kind,
    path,
    ...(destination.server ? { server: await destination.server(path) } : {}),
  };
  const stored = new Map<string, StagedTable>();
  const loads: LoadToVerify[] = [];
  for (const [index, query] of queries.entries()) {
    const run = `run-${index}`;
    const staged = await stage(folder, 'sales', query);
    stored.set(run, staged);
    const requestedAt = new Date(Date.UTC(2026, 0, 1 + index)).toISOString();
    const [done] = await publishAs({ ...destination, folder }, run, [plan], [staged], { requestedAt });
    const { run: identity, lake } = requestOf(folder, run);
    const { loadId = '', digest = '' } = done ?? {};
    loads.push({
      run: identity,
      lake,
      place,
      table: plan,
      stored: staged,
      loadId,
      digest,
      comparable: true,
      outdated: 0,
    });
  }
  const verify = (index: number, kept: ReadonlyMap<string, StagedTable> = stored): Promise<Verified> =>
    verifyLoad(loads[index]!, {
      variables: {},
      limit: 5,
      signal: new AbortController().signal,
      laterRows: (runId) => Promise.resolve(kept.get(runId)),
    });
  return { path, loads, verify, change: (statement: string) => changeByHand(destination, path, statement) };
}

describe.each([...DESTINATIONS, PARTITIONED, ...SERVED])('$name', (destination) => {
  test.each(WAYS)('$mode $missing by [$key]: one changed cell is found, and where it is', async (way) => {
    const { verify, change } = await published(destination, way, [rows(0, 20)]);
    expect(await verify(0)).toEqual({ state: 'same', rows: 20 });
    await change("UPDATE sales SET note = 'changed' WHERE id = 7");
    const found = await verify(0);
    const day = destination.partitionBy ? { partition: { day: '2025-03-08' } } : { partition: {} };
    if (way.key.length > 0) {
      expect(found).toMatchObject({ state: 'different', why: ['1 row has other values'] });
      expect(found).toHaveProperty('differences.rows', [
        {
          kind: 'changed',
          key: { id: '7' },
          ...day,
          cells: [{ column: 'note', published: 'as it was', there: 'changed' }],
        },
      ]);
    } else {
      expect(found).toMatchObject({ state: 'different', differences: { missing: 1, extra: 1 } });
      expect(found).toHaveProperty(
        'differences.rows',
        expect.arrayContaining([
          expect.objectContaining({
            kind: 'missing',
            key: expect.objectContaining({ id: '7', note: 'as it was' }) as unknown,
          }),
          expect.objectContaining({
            kind: 'extra',
            key: expect.objectContaining({ id: '7', note: 'changed' }) as unknown,
          }),
        ]),
      );
    }
  });

  test('a row that is gone is found, and one that was not published', async () => {
    const { verify, change } = await published(destination, { mode: 'replace', key: ['id'] }, [rows(0, 20)]);
    await change('DELETE FROM sales WHERE id = 3');
    await change('UPDATE sales SET id = 99 WHERE id = 5');
    expect(await verify(0)).toMatchObject({ state: 'different', differences: { missing: 2, changed: 0, extra: 1 } });
  });

  test('what a later load has changed is not a fault of an earlier one; what nobody published is', async () => {
    const { verify, change } = await published(destination, { mode: 'merge', key: ['id'] }, [
      rows(0, 20),
      rows(15, 30, 'later'),
    ]);
    expect(await verify(0)).toEqual({ state: 'same', rows: 20 });
    expect(await verify(1)).toEqual({ state: 'same', rows: 15 });
    expect(await verify(0, new Map())).toMatchObject({
      state: 'different',
      why: [
        '5 rows have other values',
        expect.stringContaining('the later run run-1 may have changed them') as unknown,
      ],
    });
    await change("UPDATE sales SET note = 'by hand' WHERE id IN (2, 17)");
    expect(await verify(0)).toMatchObject({ differences: { changed: 1, rows: [{ key: { id: '2' } }] } });
    expect(await verify(1)).toMatchObject({ differences: { changed: 1, rows: [{ key: { id: '17' } }] } });
  });

  test('of a load that was replaced nothing is left to compare', async () => {
    const { verify } = await published(destination, { mode: 'replace', key: ['id'] }, [rows(0, 20), rows(5, 9)]);
    expect(await verify(0)).toEqual({ state: 'replaced', by: 'run-1' });
    expect(await verify(1)).toEqual({ state: 'same', rows: 4 });
  });

  test.each([
    { mode: 'delete-missing', missing: 'soft' },
    { mode: 'delete-missing', missing: 'hard' },
  ] as const)(
    'rows that a later load has taken away by $mode ($missing) are no fault of an earlier one',
    async (way) => {
      const { verify } = await published(destination, { ...way, key: ['id'] }, [rows(0, 20), rows(5, 25)]);
      expect(await verify(0)).toEqual({ state: 'replaced', by: 'run-1' });
      expect(await verify(1)).toEqual({ state: 'same', rows: 20 });
    },
  );

  test.each(['close', 'keep'] as const)('every load answers for its own versions (%s)', async (missing) => {
    const { verify, change } = await published(destination, { mode: 'scd2', missing, key: ['id'] }, [
      rows(0, 20),
      rows(5, 25, 'later'),
      rows(8, 30, 'latest'),
    ]);
    const states = async () => [await verify(0), await verify(1), await verify(2)];
    const same = (count: number) => ({ state: 'same', rows: count });
    expect(await states()).toEqual([same(20), same(20), same(22)]);
    await change("UPDATE sales SET note = 'by hand' WHERE id = 7 AND note = 'as it was'");
    expect(await states()).toMatchObject([
      { state: 'different', differences: { changed: 1, rows: [{ key: { id: '7' } }] } },
      same(20),
      same(22),
    ]);
    await change("DELETE FROM sales WHERE id = 9 AND note = 'later'");
    expect(await states()).toMatchObject([
      { differences: { changed: 1, missing: 0 } },
      { state: 'different', differences: { missing: 1, rows: [{ key: { id: '9' } }] } },
      same(22),
    ]);
  });

  test('a table that is gone is told', async () => {
    const { path, verify, change } = await published(destination, { mode: 'replace', key: ['id'] }, [rows(0, 20)]);
    if (destination.kind === 'parquet') await rm(path, { recursive: true });
    else await change('DROP TABLE sales');
    expect(await verify(0)).toMatchObject({ state: 'different', why: [expect.stringMatching(/no table sales/)] });
  });

  test('a row of the past or one that is marked as gone is not the current one', async () => {
    const soft = await published(destination, { mode: 'delete-missing', missing: 'soft', key: ['id'] }, [
      rows(0, 20),
      rows(1, 20, 'later'),
    ]);
    expect(await soft.verify(1)).toEqual({ state: 'same', rows: 19 });
    const versions = await published(destination, { mode: 'scd2', key: ['id'] }, [rows(0, 20), rows(1, 20, 'later')]);
    expect(await versions.verify(1)).toEqual({ state: 'same', rows: 19 });
  });
});

test("the lake's own rows are held against what was published", async () => {
  const [destination] = DESTINATIONS;
  const { loads } = await published(destination!, { mode: 'replace', key: ['id'] }, [rows(0, 20)]);
  const [load] = loads;
  const altered = { ...load!, digest: '0'.repeat(32) };
  const settings = {
    variables: {},
    limit: 5,
    signal: new AbortController().signal,
    laterRows: () => Promise.resolve(undefined),
  };
  expect(await verifyLoad(altered, settings)).toMatchObject({
    state: 'different',
    why: [expect.stringContaining("the lake's files were changed")],
  });
  expect(await verifyLoad({ ...altered, comparable: false }, settings)).toEqual({ state: 'same', rows: 20 });
});

test('of a partition that another program has written anew the changed row is named, and the file', async () => {
  const { path, verify } = await published(PARTITIONED, { mode: 'replace', key: ['id'] }, [rows(0, 20)]);
  const file = join(path, 'sales', 'day=2025-03-08', 'sales.parquet');
  await withSession(undefined, async (session) => {
    await session.run(`CREATE TABLE rows AS SELECT * FROM read_parquet('${file}', hive_partitioning = false)`);
    await session.run("UPDATE rows SET note = 'changed' WHERE id = 7");
    await session.run(`COPY rows TO '${file}' (FORMAT parquet)`);
  });
  expect(await verify(0)).toMatchObject({
    state: 'different',
    why: ['1 row has other values', `${file} carries no ledger: somebody else has written it`],
    differences: { changed: 1, rows: [{ key: { id: '7' }, partition: { day: '2025-03-08' } }] },
  });
});
