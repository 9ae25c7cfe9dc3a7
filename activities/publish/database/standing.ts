import type { PublishedTable } from '../../../workflows/stages.ts';
import { allNew, type Changes } from '../count-changes.ts';
import { addEntry } from './ledger.ts';
import type { LedgerEntry } from './ledger-row.ts';
import type { Step } from './publish.ts';

/**
 * What this very run did before, as it counted it then; or, for a later run, nothing to do. `found`: what was there already;
 * default: all of it.
 */
export function standing(
  { request, load }: Pick<Step, 'request' | 'load'>,
  entry: LedgerEntry,
  found: Pick<Changes, 'unchanged' | 'outdated'> = { unchanged: load.content.rows },
): PublishedTable {
  const { rootRunId, requestedAt: _, pipeline: __, ddl, ...counted } = entry;
  // Its structure was asked for just now, and is as declared: otherwise the table would be replaced.
  const { outdated } = found;
  const standing = { ...counted, ...(outdated ? { outdated } : {}), differences: [] };
  if (rootRunId === request.run.rootRunId) return { ...standing, ...(ddl ? { ddl } : {}) };
  return { ...standing, ...allNew(0), unchanged: found.unchanged };
}

/** What came of a load. */
export interface Done {
  readonly changes: Changes;
  readonly differences?: readonly string[];
  /** Statements that changed the table's structure. */
  readonly ddl?: readonly string[];
  /** The table is one that Acequia created. */
  readonly made: boolean;
}

/** The account of a load that was written, entered into the ledger. */
export async function enter(
  { session, request, load }: Step,
  { changes, differences = [], ddl = [], made }: Done,
): Promise<PublishedTable> {
  const published = {
    name: load.table.name,
    destination: request.destination.name,
    loadId: load.loadId,
    ...changes,
    ...load.content,
    differences,
    ...(ddl.length > 0 ? { ddl } : {}),
  };
  await addEntry(session, request, published, load.mode, made);
  return published;
}
