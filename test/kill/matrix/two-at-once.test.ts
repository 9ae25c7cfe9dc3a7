import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { FAILURES } from '../../../activities/failure/acequia-error.ts';
import { DESTINATIONS, PARTITIONED, SERVED } from '../../activities/publish/destinations.ts';
import { holdAgainstDocs } from './guarantees.ts';
import { publishedCase } from './published-case.ts';
import { holdPublication } from './run-publication.ts';

const [SQLITE, DUCKDB, , FOLDER] = DESTINATIONS;
const [POSTGRES] = SERVED;

/** Where the first of two waits while the second one comes: before its transaction, inside it, and at its end. */
const MOMENTS = ['connecting', 'publishing orders', 'committing'];

/** As often as Temporal would, and more. */
const ATTEMPTS = 200;

describe.each([SQLITE!, DUCKDB!, ...SERVED])('$name', (destination) => {
  test('two workers that publish the same load at the same moment load it once', async () => {
    for (const way of ['append', 'merge']) {
      const { folder, place, loads, after } = await publishedCase(destination, way);
      const publication = { request: await place.request({ run: 2, staged: loads.second }), attempts: ATTEMPTS };
      for (const moment of MOMENTS) {
        await place.restore('old');
        const first = await holdPublication(folder, publication, moment);
        const second = await holdPublication(folder, publication, 'connecting');
        const ends = [second.goOn()];
        // It comes as far as it is let.
        await pause(500);
        ends.push(first.goOn());
        const results = await Promise.all(ends);
        const failures = results.flatMap((result) => result.failures);
        expect(failures.filter(({ type }) => !isTransient(type))).toEqual([]);
        expect(results.map(({ tables }) => tables !== undefined)).toEqual([true, true]);
        expect(await place.state()).toEqual(after);
      }
    }
    await holdAgainstDocs(destination.name, 'two at once', 'loaded once');
  });
});

test('Postgres takes its snapshot once it holds the lock: what others publish while it waits for it is seen', async () => {
  const { folder, place, loads, after } = await publishedCase(POSTGRES!, 'append');
  const publication = { request: await place.request({ run: 2, staged: loads.second }) };
  const first = await holdPublication(folder, publication, 'before LOCK TABLE _acequia_ledger');
  await place.publish({ run: 2, staged: loads.second });
  expect((await first.goOn()).failures).toEqual([]);
  expect(await place.state()).toEqual(after);
});

describe.each([FOLDER!, PARTITIONED])('$name', (destination) => {
  test('a worker that was given up, and comes back when others have published, changes nothing', async () => {
    const { folder, place, loads } = await publishedCase(destination, 'replace');
    const publication = { request: await place.request({ run: 2, staged: loads.second }) };
    const first = await holdPublication(folder, publication, 'committing');
    await place.publish({ run: 2, staged: loads.second });
    await place.publish({ run: 3, staged: loads.third });
    const state = await place.state();
    expect((await first.goOn()).failures).toHaveLength(1);
    expect(await place.state()).toEqual(state);
    expect(await place.leftovers()).toEqual([]);
    await place.publish({ run: 4, staged: loads.third });
    expect(await place.state()).toEqual(state);
    await holdAgainstDocs(destination.name, 'two at once', 'not kept apart; one that comes back late changes nothing');
  });
});

function isTransient(type: string): boolean {
  return type in FAILURES && FAILURES[type as keyof typeof FAILURES] === 'transient';
}
