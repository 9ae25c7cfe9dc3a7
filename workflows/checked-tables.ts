import type { CountedSource, SnapshotTable } from './database.ts';
import type { CheckPlan, DestinationPlan, LoadMode, TablePlan } from './definition/index.ts';
import { stagedName } from './published-tables.ts';
import type { RunAccount } from './run-account.ts';
import type { CheckRequest, IngestedSource, PublishedTable, StagedTable, StandingTables } from './stages.ts';

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
      // Plans have tables that are read in parts in one place first.
      if (place !== destination) continue;
      inParts.set(table.name, table);
    }
  const counted = countedSources(sources);
  return {
    tables: [...transformed, ...takenOver.values()],
    ...(read.length > 0 ? { counted } : {}),
    ...(place ? { standing: { place: placeOf(place), tables: [...inParts.values()] } } : {}),
  };
}

/** What databases have counted of their tables. */
export function countedSources(sources: readonly IngestedSource[]): CountedSource[] {
  return sources.flatMap(({ name, total, quarantined }) =>
    total === undefined ? [] : [{ source: name, rows: total, quarantined }],
  );
}

/** Modes that leave a table as its model promises it; others keep versions, or rows that are gone. */
const AS_PROMISED: readonly LoadMode[] = ['replace', 'merge'];

/** What was published to a destination just now, and can be held against what its models promise. */
export function validatedTables(destination: DestinationPlan, published: readonly PublishedTable[]): StandingTables {
  const isThere = (table: TablePlan): boolean =>
    published.some((load) => load.destination === destination.name && load.name === table.name);
  const tables = destination.tables.filter((table) => isThere(table) && AS_PROMISED.includes(table.mode ?? 'replace'));
  return { place: placeOf(destination), tables };
}

/** The checks that look at those tables alone, called after the destination that is asked. */
export function validatedChecks(
  checks: readonly CheckPlan[],
  destination: string,
  tables: readonly TablePlan[],
): CheckPlan[] {
  const isThere = (name: string): boolean => name.startsWith('source.') || tables.some((table) => table.name === name);
  return checks
    .filter(({ table, inputs = [] }) => isThere(table) && inputs.every(isThere))
    .map((check) => ({ ...check, name: `${destination}: ${check.name}` }));
}

function placeOf({ kind, path, server }: DestinationPlan): DestinationPlan {
  return { name: path, kind, path, tables: [], ...(server ? { server } : {}) };
}
