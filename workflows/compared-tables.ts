import type { DestinationPlan } from './definition/index.ts';
import { publishedTables } from './published-tables.ts';
import type { ComparedTable, IngestedSource, StagedTable } from './stages.ts';

/** What would be published, each table once, however many destinations would get it. `made`: the tables of the models. */
export function comparedTables(
  destinations: readonly DestinationPlan[],
  sources: readonly IngestedSource[],
  made: readonly StagedTable[],
): ComparedTable[] {
  const compared = new Map<string, ComparedTable>();
  for (const planned of destinations) {
    const { destination, tables } = publishedTables(planned, sources, made);
    for (const { name, key, from } of destination.tables) {
      const staged = tables.find((table) => table.name === name);
      if (staged) compared.set(name, { name, uris: staged.uris, key, ...(from ? { from } : {}) });
    }
  }
  return [...compared.values()];
}
