import type { TablePlan } from '../../../workflows/definition/index.ts';
import type { LoadRecord } from '../database/ledger-row.ts';
import type { Publisher, PublishedRows, Reading, StandingTable } from '../publisher.ts';
import { openFileStorage, storedFiles } from './file-storage.ts';
import { filesOf } from './layout.ts';
import { latestPosition, readLedgers, withoutLedger } from './ledger.ts';
import { parquetColumn, publishToParquet } from './publish.ts';
import { columnsOf, rowsOf } from './rows-of.ts';

/** Parquet files, each with its ledger in it. */
export const PARQUET: Publisher = {
  publish: (request, work) => publishToParquet(request, work),
  positions: async ({ session, place }, tables) => {
    const found: [string, readonly string[]][] = [];
    for (const name of tables) {
      const position = await latestPosition(session, await storedFiles(place.path, name));
      found.push([name, position === undefined ? [] : [position]]);
    }
    return Object.fromEntries(found);
  },
  standing,
  published,
  problem: (error) => error,
};

async function standing(
  { session, place: { path } }: Reading,
  names: readonly string[],
): Promise<Map<string, StandingTable>> {
  const found = new Map<string, StandingTable>();
  for (const name of names) {
    const files = await storedFiles(path, name);
    if (files.length === 0) continue;
    const ledger = (await readLedgers(session, files)) ?? [];
    const relation = rowsOf(files, ledger.at(-1)?.partitions ?? []);
    const columns = await columnsOf(session, relation);
    found.set(name, { relation, columns: columns.map((column) => column.name) });
  }
  return found;
}

async function published({ session, place: { path } }: Reading, table: TablePlan): Promise<PublishedRows> {
  const storage = await openFileStorage(path);
  await storage.fetch(table.name);
  const files = await filesOf(storage.path, table.name);
  const foreign = await withoutLedger(session, files);
  const own = files.filter((file) => !foreign.includes(file));
  const ledger = (await readLedgers(session, own)) ?? [];
  const partitions = ledger.at(-1)?.partitions ?? [];
  const loads = ledger.map(({ loadId, runId, pipeline, mode, requestedAt }) => ({
    ...{ loadId, runId, pipeline, mode, requestedAt },
    made: true,
  }));
  const found = { loads: distinctLoads(loads), mapping: parquetColumn, foreign: foreign.map(storage.named) };
  if (files.length === 0) return { ...found, columns: [] };
  const relation = rowsOf(files, partitions);
  return { ...found, relation, columns: await columnsOf(session, relation) };
}

/** Every file of a load carries its entry. */
function distinctLoads(loads: readonly LoadRecord[]): LoadRecord[] {
  return [...new Map(loads.map((load) => [`${load.runId} ${load.loadId}`, load])).values()];
}
