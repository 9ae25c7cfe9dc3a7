import type { SnapshotTable } from './database.ts';
import type { DestinationPlan, TablePlan } from './definition/index.ts';
import { stagedName } from './published-tables.ts';
import type { RunAccount } from './run-account.ts';
import type { CheckRequest, StagedTable } from './stages.ts';

/**
 * What checks look at before anything is published: the tables of the models, those that are taken over from sources, and of
 * one that is loaded in parts what stands at its destination beside.
 */
export function checkedTables(
  destinations: readonly DestinationPlan[],
  { sources, transformed }: Pick<RunAccount, 'sources' | 'transformed'>,
  read: readonly SnapshotTable[],
): Pick<CheckRequest, 'tables' | 'counted' | 'standing'> {
  const staged = sources.flatMap(({ tables }) => tables);
  const takenOver = new Map<string, StagedTable>();
  const inParts = new Map<string, TablePlan>();
  let place: DestinationPlan | undefined;
  for (const destination of destinations)
    for (const table of destination.tables) {
      if (table.from !== 'source' || takenOver.has(table.name)) continue;
      const found = staged.find(({ name }) => name === stagedName(table));
      if (!found) continue;
      takenOver.set(table.name, { ...found, name: table.name });
      if (table.mode !== 'merge') continue;
      place ??= destination;
      inParts.set(table.name, table);
    }
  const counted = sources.flatMap(({ name, total, quarantined }) =>
    total === undefined ? [] : [{ source: name, rows: total, quarantined }],
  );
  return {
    tables: [...transformed, ...takenOver.values()],
    ...(read.length > 0 ? { counted } : {}),
    ...(place ? { standing: { place: placeOf(place), tables: [...inParts.values()] } } : {}),
  };
}

function placeOf({ kind, path, server }: DestinationPlan): DestinationPlan {
  return { name: path, kind, path, tables: [], ...(server ? { server } : {}) };
}
