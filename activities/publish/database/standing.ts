import type { PublishedTable } from '../../../workflows/stages.ts';
import { allNew, type Changes } from '../count-changes.ts';
import { addEntry, type LedgerEntry } from './ledger.ts';
import type { Step } from './publish.ts';

/** What this very run did before, as it counted it then; or, for a later run, nothing to do. */
export function standing({ request, load }: Step, entry: LedgerEntry): PublishedTable {
  const { rootRunId, requestedAt: _, pipeline: __, ...counted } = entry;
  // Its structure was asked for just now, and is as declared: otherwise the table would be replaced.
  const standing = { ...counted, differences: [] };
  if (rootRunId === request.run.rootRunId) return standing;
  return { ...standing, ...allNew(0), unchanged: load.content.rows };
}

/** The account of a load that was written, entered into the ledger. */
export async function enter(
  { session, request, load }: Step,
  changes: Changes,
  differences: readonly string[],
  made: boolean,
): Promise<PublishedTable> {
  const published = {
    name: load.table.name,
    destination: request.destination.name,
    loadId: load.loadId,
    ...changes,
    ...load.content,
    differences,
  };
  await addEntry(session, request, published, load.mode, made);
  return published;
}
