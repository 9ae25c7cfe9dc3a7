import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Destination } from '../../activities/publish/destinations.ts';
import { WAYS, type Way } from '../../activities/publish/ways.ts';
import { difference, found, same, type Found } from './found.ts';
import { holdAgainstDocs } from './guarantees.ts';
import { stageLoads, tablesOf, type Loads, type TableName } from './loads.ts';
import { placeOf, type Place } from './place.ts';
import { pointsOf, readEvents, type Point } from './points.ts';
import type { State } from './reader.ts';
import { runPublication } from './run-publication.ts';

/** A destination in one way: a place, three loads, and what undisturbed runs make of them. */
interface Case {
  readonly folder: string;
  readonly place: Place;
  readonly loads: Loads;
  /** With the first load. */
  readonly old: State;
  /** With the second one, too. */
  readonly after: State;
  /** With the third one behind the first, or behind the second. */
  readonly later: readonly State[];
  readonly points: readonly Point[];
}

/** Around the moment from which on something may be seen. */
const AROUND_COMMIT = /COMMIT.* 50|^committ|^noted|place$|removed$/;

const SENTENCES: Readonly<Record<Found, string>> = {
  whole: 'all tables of the run as before, or all as after',
  'by table': 'each table as before or as after, not all in the same moment',
  'by partition': 'each partition as before or as after, not all in the same moment',
  broken: 'what nobody published',
};

/**
 * Publishes to a destination in every way, is killed at every placed moment, looks at what a reader finds, and publishes
 * again. What was found is held against the guarantees in the documentation.
 */
export function killMatrix(
  destination: Destination,
  tables: readonly TableName[] = ['customers', 'orders'],
  ways: readonly Way[] = WAYS,
): void {
  let scratch: string;
  const all: Found[] = [];
  beforeAll(async () => void (scratch = await mkdtemp(join(tmpdir(), 'acequia-matrix-'))));
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  describe('killed with -9 at any point, the same publication ends as if nothing had happened', () => {
    test.each(ways)('$name', { timeout: 600_000 }, async (way) => {
      const tried = await caseOf(destination, scratch, tables, way);
      const seen: Found[] = [];
      const wrong: string[] = [];
      for (const point of tried.points) {
        const { state, problems } = await killedAt(tried, point);
        seen.push(found(state, tried.old, tried.after));
        if (seen.at(-1) === 'broken')
          problems.push(`a reader finds what nobody published: ${difference(state, tried.old)}`);
        wrong.push(...problems.map((problem) => `${point.name}: ${problem}`));
      }
      expect(wrong).toEqual([]);
      all.push(worstOf(seen));
      await holdAgainstDocs(destination.name, way.name, String(seen.length));
    });
  });

  test('what a reader finds is what the documentation says', async () => {
    expect(all).toHaveLength(ways.length);
    await holdAgainstDocs(destination.name, 'a reader finds', SENTENCES[worstOf(all)]);
  });
}

async function caseOf(
  destination: Destination,
  scratch: string,
  tables: readonly TableName[],
  way: Way,
): Promise<Case> {
  const folder = await mkdtemp(join(scratch, 'case-'));
  const place = placeOf(destination, folder, tablesOf(tables, way, destination.partitionBy ?? []));
  const loads = await stageLoads(folder, tables, way);
  await place.publish({ run: 1, staged: loads.first });
  await place.keep('old');
  const old = await place.state();
  await place.publish({ run: 3, staged: loads.third });
  const withoutSecond = await place.state();
  await place.restore('old');
  const events = join(folder, 'events');
  await runPublication(folder, { request: await place.request({ run: 2, staged: loads.second }), events });
  const after = await place.state();
  await place.publish({ run: 3, staged: loads.third });
  const points = pointsOf(readEvents(events), tables.at(-1) ?? '');
  return { folder, place, loads, old, after, later: [withoutSecond, await place.state()], points };
}

/** Kills a publication, and tells what a reader then finds, and what went wrong afterwards. */
async function killedAt(tried: Case, { name, ...kill }: Point): Promise<{ state: State; problems: string[] }> {
  const { folder, place, loads } = tried;
  await place.restore('old');
  const request = await place.request({ run: 2, staged: loads.second });
  const { killed, result } = await runPublication(folder, { request, kill });
  if (!killed) return { state: tried.old, problems: [`it was never reached: ${JSON.stringify(result)}`] };
  const isAroundCommit = AROUND_COMMIT.test(name);
  if (isAroundCommit) await place.keep('killed');
  const state = await place.state();
  const problems = [...(await tryAgain(tried)), ...(await leftBehind(place))];
  if (!isAroundCommit) return { state, problems };
  problems.push(...(await onceMore(tried)));
  await place.restore('killed');
  return { state, problems: [...problems, ...(await laterInstead(tried)), ...(await leftBehind(place))] };
}

async function leftBehind(place: Place): Promise<string[]> {
  return (await place.leftovers()).map((file) => `${file} is left behind`);
}

/** The same publication, as Temporal tries it again. */
async function tryAgain({ place, loads, after }: Case): Promise<string[]> {
  await place.publish({ run: 2, staged: loads.second });
  const state = await place.state();
  return same(state, after) ? [] : [`tried again: ${difference(state, after)}`];
}

/** The same rows by a later run. */
async function onceMore({ place, loads, after }: Case): Promise<string[]> {
  const tables = await place.publish({ run: 4, staged: loads.second });
  const state = await place.state();
  const counted = tables.filter(({ inserted, updated, removed }) => inserted + updated + removed > 0);
  return [
    ...(same(state, after) ? [] : [`the same rows once more: ${difference(state, after)}`]),
    ...counted.map(({ name }) => `the same rows once more are counted as changes of ${name}`),
  ];
}

/** A later load, which finds the first one there, or the second one, whole. */
async function laterInstead({ place, loads, later }: Case): Promise<string[]> {
  await place.publish({ run: 3, staged: loads.third });
  const state = await place.state();
  if (later.some((expected) => same(state, expected))) return [];
  return [`a later load instead: ${later.map((expected) => difference(state, expected)).join('; or ')}`];
}

function worstOf(seen: readonly Found[]): Found {
  return (['broken', 'by partition', 'by table'] as const).find((one) => seen.includes(one)) ?? 'whole';
}
