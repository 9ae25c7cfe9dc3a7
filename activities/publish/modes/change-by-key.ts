import type { PublishRequest } from '../../../workflows/stages.ts';
import type { TablePlan } from '../../../workflows/definition/index.ts';
import type { Changes } from '../count-changes.ts';
import { notAccounted, severalRows } from '../refusals.ts';
import { guardVanishing } from './guard.ts';
import { instantText } from './instant.ts';
import { merge, repeatedKeys, rowsThere } from './merge.ts';
import { leaveOutdated, removeOtherParts } from './outdated.ts';
import { countMissing, deleteMissing, markMissing, NOT_MARKED } from './missing.ts';
import { addVersions, IS_CURRENT, versionsThere } from './scd2.ts';
import type { Target } from './target.ts';

/**
 * Brings the rows of a load into a table that is there, by key, and sees that they stand in it as they were given.
 *
 * @param rows how many the load has
 * @throws AcequiaError `TooManyVanish`, `DestinationMismatch` where a key stands there several times, `NotAccounted`
 */
export async function changeByKey(
  whole: Target,
  request: PublishRequest,
  table: TablePlan,
  rows: number,
): Promise<Changes> {
  const { target, outdated } = await leaveOutdated(whole, table);
  const latest = rows - outdated;
  const { inserted, updated, removed } = await change(target, request, table);
  const there = await (table.mode === 'scd2' ? versionsThere(target) : rowsThere(target));
  if (there !== latest) {
    const repeated = await repeatedKeys(target, table.mode === 'scd2' ? IS_CURRENT : 'true');
    throw repeated > 0 ? severalRows(request, table, repeated) : notAccounted(request, table.name, there, latest);
  }
  const unchanged = latest - inserted - updated;
  return { inserted, updated, removed, unchanged, ...(outdated > 0 ? { outdated } : {}) };
}

async function change(
  target: Target,
  request: PublishRequest,
  table: TablePlan,
): Promise<Pick<Changes, 'inserted' | 'updated' | 'removed'>> {
  const at = instantText(request.requestedAt);
  if (table.mode === 'scd2') {
    const close = table.missing !== 'keep';
    const vanishing = close ? await countMissing(target, IS_CURRENT) : { there: 0, missing: 0 };
    guardVanishing(request, table, vanishing);
    return { ...(await addVersions(target, at, close)), removed: vanishing.missing };
  }
  if (table.mode !== 'delete-missing') {
    const removed = await removeOtherParts(target, table.partOf);
    return { ...(await merge(target)), removed };
  }
  const soft = table.missing !== 'hard';
  const vanishing = await countMissing(target, soft ? NOT_MARKED : 'true');
  guardVanishing(request, table, vanishing);
  // A row that was gone and is there again differs by its mark, which the load has empty.
  const merged = await merge(target);
  if (vanishing.missing > 0) await (soft ? markMissing(target, at) : deleteMissing(target));
  return { ...merged, removed: vanishing.missing };
}
