import { describe, expect, test } from 'vitest';
import { postgresServer, SERVED } from '../../activities/publish/destinations.ts';
import { tellPostgres } from '../../support/postgres.ts';
import { found } from './found.ts';
import { holdAgainstDocs } from './guarantees.ts';
import { publishedCase } from './published-case.ts';
import { holdPublication } from './run-publication.ts';

const [POSTGRES, , DUCKLAKE] = SERVED;

/** Moments at which a connection is there, in the order in which they come. */
const MOMENTS = ['publishing customers', 'publishing orders', 'after INSERT INTO _acequia_ledger #2', 'committing'];

/** What Temporal tries again by itself. */
const AGAIN = ['DestinationUnreachable', 'DestinationBusy'];

describe.each([POSTGRES!, DUCKLAKE!])('$name', (destination) => {
  test('a connection that is cut is a failure that passes: the next attempt publishes', async () => {
    const { folder, place, loads, old, after } = await publishedCase(destination, 'merge');
    const request = await place.request({ run: 2, staged: loads.second });
    for (const moment of MOMENTS) {
      await place.restore('old');
      const publication = await holdPublication(folder, { request, attempts: 2 }, moment);
      await cutConnections();
      const { failures, tables } = await publication.goOn();
      expect(failures.map(({ type }) => AGAIN.includes(type) || failures)).toEqual([true]);
      expect(tables).toBeDefined();
      expect(await place.state()).toEqual(after);
    }
    expect(found(after, old, after)).toBe('whole');
    await holdAgainstDocs(destination.name, 'connection cut', `at ${MOMENTS.length} points: tried again, loaded once`);
  });

  test.each(['SIGINT', 'SIGQUIT'] as const)(
    'a server that stops (%s): old rows, and new ones when it is back',
    async (signal) => {
      const server = await postgresServer();
      const { folder, place, loads, old, after } = await publishedCase(destination, 'merge');
      const request = await place.request({ run: 2, staged: loads.second });
      for (const moment of ['publishing orders', 'committing']) {
        await place.restore('old');
        const publication = await holdPublication(folder, { request, attempts: 2 }, moment);
        await server.stop(signal);
        const { failures } = await publication.goOn();
        expect(failures.map(({ type }) => type)).toEqual(['DestinationUnreachable', 'DestinationUnreachable']);
        await server.start();
        expect(await place.state()).toEqual(old);
        await place.publish({ run: 2, staged: loads.second });
        expect(await place.state()).toEqual(after);
      }
      await holdAgainstDocs(destination.name, 'server stopped', 'tried again, loaded once');
    },
  );
});

async function cutConnections(): Promise<void> {
  const { administration } = await postgresServer();
  await tellPostgres(
    administration(),
    `DO $$ BEGIN PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'acequia' AND pid <> pg_backend_pid(); END $$`,
  );
}
