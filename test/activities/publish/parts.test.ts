import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runChecks } from '../../../activities/check/run-checks.ts';
import { positionsOf } from '../../../activities/publish/positions.ts';
import { withStandingTables } from '../../../activities/publish/standing-tables.ts';
import type { CheckPlan, DestinationPlace, LoadMode } from '../../../workflows/definition/index.ts';
import type { CheckDetail, StagedTable } from '../../../workflows/stages.ts';
import { stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
import { DESTINATIONS, PARTITIONED, publishAs, requestOf, SERVED, table, type Destination } from './destinations.ts';

/** One of each engine. */
const ENGINES = [DESTINATIONS[0]!, DESTINATIONS[1]!, DESTINATIONS[3]!, PARTITIONED, SERVED[0]!, SERVED[1]!];

const rows = (...values: readonly string[]): string =>
  `SELECT id, note, CAST('2026-01-0' || (1 + id % 2) AS DATE) AS day FROM (VALUES ${values.join(', ')}) AS t (id, note)`;

/** A table that is loaded in parts. */
async function parts(destination: Destination) {
  const folder = await temporaryFolder();
  const path = join(folder, destination.path);
  const place: DestinationPlace = {
    kind: destination.kind,
    path,
    ...(destination.server ? { server: await destination.server(path) } : {}),
  };
  const plan = (mode: LoadMode) =>
    table(mode, {
      key: ['id'],
      cursorOf: 'sales',
      ...(destination.partitionBy ? { partitionBy: destination.partitionBy } : {}),
    });
  let runs = 0;
  const staged = (query: string): Promise<StagedTable> => stage(folder, 'sales', query);
  return {
    load: async (query: string, position?: string, mode: LoadMode = 'merge') => {
      runs += 1;
      const more = {
        requestedAt: new Date(Date.UTC(2026, 0, runs)).toISOString(),
        ...(position === undefined ? {} : { positions: { sales: position } }),
      };
      await publishAs({ ...destination, folder }, `run-${runs}`, [plan(mode)], [await staged(query)], more);
    },
    position: async () => {
      const { run } = requestOf(folder, 'asking');
      const request = { run, destination: { ...place, name: 'shop', tables: [plan('merge')] } };
      return (await positionsOf(request, quietWork(), { variables: {} }))['sales'] ?? [];
    },
    /** What a query finds in the table as it will be once those rows are loaded; without any, as it stands. */
    ask: async (sql: string, query?: string) => {
      const check: CheckPlan = { name: 'c', table: 'sales', severity: 'error', blocking: true, sql, keys: [] };
      const { run, lake } = requestOf(folder, 'checking');
      const request = {
        ...{ run, lake, asOf: '2026-01-01', checks: [check], sources: [] },
        tables: query === undefined ? [] : [await staged(query)],
        standing: { place, tables: [plan('merge')] },
      };
      const { report } = await runChecks(request, quietWork(), {
        withStanding: (session, standing, signal, use) =>
          withStandingTables(session, standing, { variables: {}, signal }, use),
      });
      const [detail] = JSON.parse(await readFile(fileURLToPath(report), 'utf8')) as CheckDetail[];
      return [detail?.status, ...(detail?.sample ?? []), ...(detail?.error ? [detail.error] : [])];
    },
  };
}

describe.each(ENGINES)('$name', (destination) => {
  test('a position is there with the rows it came with, and goes with the table that is replaced', async () => {
    const { load, position } = await parts(destination);
    expect(await position()).toEqual([]);
    await load(rows("(1, 'a')", "(2, 'b')"), 'first');
    expect(await position()).toEqual(['first']);
    await load(rows("(3, 'c')"), 'second');
    expect(await position()).toEqual(['second']);
    // Somebody else's load says nothing of it.
    await load(rows("(2, 'B')"));
    expect(await position()).toEqual(['second']);
    await load(rows("(9, 'z')"), undefined, 'replace');
    expect(await position()).toEqual([]);
    await load(rows("(9, 'Z')"), 'third');
    expect(await position()).toEqual(['third']);
  });

  test('checks see the table as it will be: what stands there, without what the load brings anew', async () => {
    const { load, ask } = await parts(destination);
    const all = 'SELECT id, note FROM sales';
    expect(await ask(all, rows("(1, 'a')"))).toEqual(['failed', 'id=1, note=a']);
    await load(rows("(1, 'a')", "(2, 'b')"), 'first');
    expect(await ask(all, rows("(2, 'B')", "(3, 'c')"))).toEqual([
      'failed',
      'id=1, note=a',
      'id=2, note=B',
      'id=3, note=c',
    ]);
    expect(await ask(all)).toEqual(['failed', 'id=1, note=a', 'id=2, note=b']);
    expect(await ask("SELECT id FROM sales WHERE note = 'x'", rows("(2, 'B')"))).toEqual(['passed']);
    expect(await ask('SELECT more FROM sales WHERE id = 1', `SELECT *, 7 AS more FROM (${rows("(5, 'e')")})`)).toEqual([
      'failed',
      'more=NULL',
    ]);
  });
});
