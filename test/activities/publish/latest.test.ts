import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { verifyLoad } from '../../../activities/publish/verify/verify-table.ts';
import { keepLatest } from '../../support/keep-latest.ts';
import type { TablePlan } from '../../../workflows/definition/index.ts';
import type { PublishedTable, StagedTable } from '../../../workflows/stages.ts';
import { stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { changeByHand } from './change-by-hand.ts';
import { DESTINATIONS, PARTITIONED, publishAs, requestOf, SERVED, table, type Destination } from './destinations.ts';

/** A version of a row, or a part of a version of a thing: columns as DuckDB's text. */
type Row = readonly (string | null)[];

const COLUMNS = 'id, part, version, note, day';
const TYPES = ['BIGINT', 'BIGINT', 'BIGINT', 'VARCHAR', 'DATE'];

function queryOf(rows: readonly Row[]): string {
  const cells = (row: Row): string =>
    row.map((value, i) => `CAST(${value === null ? 'NULL' : literal(value)} AS ${TYPES[i] ?? ''})`).join(', ');
  if (rows.length === 0) return `SELECT * FROM (${queryOf([['0', '0', '0', '', '2025-01-01']])}) WHERE false`;
  return `SELECT * FROM (VALUES ${rows.map((row) => `(${cells(row)})`).join(', ')}) t(${COLUMNS})`;
}

const EACH_ROW = { key: ['id'], keepLatestBy: ['version', 'note', 'part', 'day'] };
const THINGS = { key: ['id', 'part'], partOf: ['id'], keepLatestBy: ['version'] };

const id = fc.integer({ min: 0, max: 3 }).map(String);
const day = fc.constantFrom('2025-01-01', '2025-01-02');
const row: fc.Arbitrary<Row> = fc.tuple(
  id,
  fc.constantFrom('1', '2'),
  fc.constantFrom(null, '1', '2'),
  // In another order by the rules of most languages.
  fc.constantFrom(null, '', 'a', 'B', 'b', 'ñ', 'z', 'Z'),
  day,
);
/** A version of a thing always has the same parts; a later one may have fewer, or be of another day. */
const thing: fc.Arbitrary<readonly Row[]> = fc
  .record({ name: id, at: fc.integer({ min: 1, max: 4 }) })
  .map(({ name, at }) =>
    Array.from({ length: 1 + ((at * 7 + Number(name)) % 3) }, (_, part): Row => {
      return [name, String(part), String(at), `${name}/${at}`, `2025-01-0${1 + (at % 2)}`];
    }),
  );
const rows = fc.array(row, { minLength: 1, maxLength: 8 });
const things = fc
  .uniqueArray(thing, { selector: ([first]) => `${first?.[0]} ${first?.[2]}`, minLength: 1, maxLength: 6 })
  .map((all) => all.flat());

/** What a model makes of rows of one batch. */
function latestOf(given: readonly Row[], way: Pick<TablePlan, 'key' | 'keepLatestBy' | 'partOf'>): Promise<Row[]> {
  return withSession(undefined, async (session) => {
    await session.run(`CREATE TABLE made AS ${queryOf(given)}`);
    await keepLatest(session, 'made', way);
    const found = await session.rows(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM made ORDER BY ALL`);
    return found.map((one) => Object.values(one) as Row);
  });
}

async function open(destination: Destination, way: Pick<TablePlan, 'key' | 'keepLatestBy' | 'partOf'>) {
  const folder = await temporaryFolder();
  const path = join(folder, destination.path);
  const { partitionBy } = destination;
  const plan = table('merge', { ...way, ...(partitionBy ? { partitionBy } : {}) });
  const stored = new Map<string, StagedTable>();
  const done: PublishedTable[] = [];
  const load = async (given: readonly Row[]): Promise<PublishedTable> => {
    const run = `run-${done.length}`;
    const staged = await stage(folder, 'sales', queryOf(await latestOf(given, way)));
    stored.set(run, staged);
    const requestedAt = new Date(Date.UTC(2026, 0, 1 + done.length)).toISOString();
    const [one] = await publishAs({ ...destination, folder }, run, [plan], [staged], { requestedAt });
    done.push(one!);
    return one!;
  };
  const verify = async (index: number) => {
    const { run, lake } = requestOf(folder, `run-${index}`);
    const { loadId, digest, outdated = 0 } = done[index]!;
    const server = destination.server ? { server: await destination.server(path) } : {};
    return verifyLoad(
      {
        ...{ run, lake, place: { kind: destination.kind, path, ...server }, table: plan, outdated },
        ...{ stored: stored.get(run.runId)!, loadId, digest, comparable: true },
      },
      {
        variables: {},
        limit: 5,
        signal: new AbortController().signal,
        laterRows: (runId) => Promise.resolve(stored.get(runId)),
      },
    );
  };
  const read = async (): Promise<string[]> =>
    (await destination.read(path, 'sales', 'merge'))
      .map(({ id: i, part, version, note, day: d }) => JSON.stringify([i, part, version, note, d]))
      .sort();
  return { load, verify, read, change: (statement: string) => changeByHand(destination, path, statement) };
}

const text = (all: readonly Row[]): string[] => all.map((one) => JSON.stringify(one)).sort();

/** One of each engine. */
const ENGINES = [DESTINATIONS[0]!, DESTINATIONS[1]!, PARTITIONED, SERVED[0]!, SERVED[1]!];

describe.each(ENGINES)('$name', (destination) => {
  test.each([
    ['each row by itself', EACH_ROW, rows],
    ['things with parts', THINGS, things],
  ])('load(a), then load(b), is load(a ∪ b): %s', async (_, way, some) => {
    await fc.assert(
      fc.asyncProperty(some, some, async (a, b) => {
        const place = await open(destination, way);
        const loads = [await place.load(a), await place.load(b)];
        const want = text(
          await latestOf(
            [...new Set([...a, ...b].map((one) => JSON.stringify(one)))].map((one) => JSON.parse(one) as Row),
            way,
          ),
        );
        expect(await place.read()).toEqual(want);
        for (const { rows: all, inserted, updated, unchanged, outdated = 0 } of loads)
          expect(inserted + updated + unchanged + outdated).toBe(all);
        for (const index of [0, 1]) expect(await place.verify(index)).toMatchObject({ state: 'same' });
        // It came already: nothing is left to do.
        const { inserted, updated, removed } = await place.load(a);
        expect({ inserted, updated, removed }).toEqual({ inserted: 0, updated: 0, removed: 0 });
        expect(await place.read()).toEqual(want);
      }),
      { numRuns: 2 },
    );
  });

  test('a version that somebody made later by hand is not taken for one that a run has left aside', async () => {
    const place = await open(destination, EACH_ROW);
    await place.load([
      ['1', '1', '5', 'new', '2025-01-01'],
      ['2', '1', '5', 'new', '2025-01-01'],
    ]);
    await place.load([
      ['1', '1', '4', 'old', '2025-01-01'],
      ['2', '1', '6', 'newer', '2025-01-01'],
    ]);
    expect(await place.verify(1)).toMatchObject({ state: 'same' });
    await place.change('UPDATE sales SET version = 7 WHERE id = 2');
    expect(await place.verify(1)).toMatchObject({ state: 'different' });
  });

  test('a changed cell is found in a row of which an older version came later', async () => {
    const place = await open(destination, EACH_ROW);
    await place.load([['1', '1', '5', 'new', '2025-01-01']]);
    await place.load([
      ['1', '1', '4', 'old', '2025-01-01'],
      ['2', '1', '1', 'other', '2025-01-01'],
    ]);
    expect(await place.verify(0)).toMatchObject({ state: 'same' });
    await place.change("UPDATE sales SET note = 'changed' WHERE id = 1");
    expect(await place.verify(0)).toMatchObject({ state: 'different', why: ['1 row has other values'] });
  });

  test('a part that is too many, and one that is gone, are found', async () => {
    const place = await open(destination, THINGS);
    const part = (number: string): Row => ['1', number, '1', 'x', '2025-01-01'];
    await place.load([part('1'), part('2'), ['2', '1', '1', 'y', '2025-01-02']]);
    expect(await place.verify(0)).toMatchObject({ state: 'same', rows: 3 });
    await place.change('UPDATE sales SET part = 9 WHERE id = 1 AND part = 2');
    expect(await place.verify(0)).toMatchObject({
      state: 'different',
      why: ['1 row is not there', '1 row is there that was not published'],
    });
  });
});
