import { describe, expect, test } from 'vitest';
import {
  DESTINATIONS,
  PARTITIONED,
  postgresServer,
  SERVED,
  type Destination,
} from '../../activities/publish/destinations.ts';
import { stage } from '../../support/staged.ts';
import { holdAgainstDocs } from './guarantees.ts';
import { publishedCase, type PublishedCase } from './published-case.ts';
import { runPublication } from './run-publication.ts';

const [POSTGRES, DUCKLAKE_SQLITE, DUCKLAKE_POSTGRES] = SERVED;

/** Kilobytes that a file may have while a publication writes there. */
const ROOM: Readonly<Record<string, number>> = { sqlite: 64, duckdb: 64, parquet: 4, ducklake: 8 };

describe.each([...DESTINATIONS, PARTITIONED, DUCKLAKE_SQLITE!, DUCKLAKE_POSTGRES!])('$name', (destination) => {
  test('where there is no room nothing is changed, and the same publication works when there is', async () => {
    const tried = await publishedCase(destination, 'replace');
    await tried.place.restore('old');
    const request = await tried.place.request({ run: 2, staged: tried.loads.second });
    const limited = ['bash', '-c', `ulimit -f ${ROOM[destination.kind]}; exec "$@"`, 'bash'];
    const { result } = await runPublication(tried.folder, { request }, limited);
    // Of a file that may not grow SQLite says no more than "disk I/O error"; of a disk that is full it says so.
    const asSqliteSays = writesSqlite(destination) ? ['DestinationUnwritable'] : [];
    expect(['DiskFull', ...asSqliteSays]).toContain(result?.failures[0]?.type);
    await expectRecovery(destination, tried);
  });
});

test('a Postgres without room: nothing is changed, and the same publication works when there is', async () => {
  const server = await postgresServer();
  const tried = await publishedCase(POSTGRES!, 'replace');
  const large = await stage(
    tried.folder,
    'orders',
    'SELECT i::BIGINT AS id, repeat(md5(i::VARCHAR), 8) AS name FROM range(100_000) AS t(i)',
  );
  const request = await tried.place.request({ run: 2, staged: [tried.loads.second[0]!, large] });
  await server.stop();
  // More than a segment of its log, less than the table.
  await server.start({ fileKilobytes: 17_000 });
  const { result } = await runPublication(tried.folder, { request });
  expect(result?.failures).toMatchObject([{ type: 'DiskFull' }]);
  await server.stop();
  await server.start();
  await expectRecovery(POSTGRES!, tried);
});

/** Itself, or as the catalogue of a lake. */
function writesSqlite({ kind, server }: Destination): boolean {
  return kind === 'sqlite' || (kind === 'ducklake' && !server);
}

async function expectRecovery({ name }: Destination, { place, loads, old, after }: PublishedCase): Promise<void> {
  expect(await place.state()).toEqual(old);
  expect(await place.leftovers()).toEqual([]);
  await place.publish({ run: 2, staged: loads.second });
  expect(await place.state()).toEqual(after);
  await holdAgainstDocs(name, 'disk full', 'told, nothing changed; works when there is room');
}
