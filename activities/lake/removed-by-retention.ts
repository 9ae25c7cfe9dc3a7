import type { CleanUpRecord } from '../../workflows/clean-up-contract.ts';
import { parseDuration, RETAINED_PARTS, type RetainedPart } from '../../workflows/definition/index.ts';
import type { Lake } from './lake.ts';

/** A clean-up that has removed what a run left behind. */
export interface Removal {
  /** ISO instant. */
  readonly at: string;
  /** As it was set: `staging=7d`. */
  readonly retention: string;
}

/**
 * The first clean-up for which what a run had left was too old; `undefined` where there was none.
 *
 * @param finishedAt when the run ended, ISO
 * @param parts what it is that is missed: it was kept as long as any of these. A source's report is needed by all parts.
 */
export async function removedByRetention(
  lake: Lake,
  finishedAt: string,
  parts: readonly RetainedPart[] = RETAINED_PARTS,
): Promise<Removal | undefined> {
  let first: CleanUpRecord | undefined;
  for await (const { key } of lake.walk('clean-ups')) {
    const record = await readRecord(lake, key);
    if (!record || (first && first.at <= record.at)) continue;
    if (parts.every((part) => isTooOld(finishedAt, record, part))) first = record;
  }
  if (!first) return undefined;
  const { retention } = first;
  return {
    at: first.finishedAt ?? first.at,
    retention: parts.map((part) => `${part}=${retention[part] ?? ''}`).join(','),
  };
}

function isTooOld(finishedAt: string, { at, retention }: CleanUpRecord, part: RetainedPart): boolean {
  const kept = parseDuration(retention[part] ?? '');
  return kept !== undefined && Date.parse(at) - Date.parse(finishedAt) > kept;
}

/** A record that cannot be read explains nothing. */
async function readRecord(lake: Lake, key: string): Promise<CleanUpRecord | undefined> {
  try {
    const record = JSON.parse(await lake.readText(lake.uriOf(key))) as CleanUpRecord;
    return Number.isNaN(Date.parse(record.at)) || typeof record.retention !== 'object' ? undefined : record;
  } catch {
    return undefined;
  }
}
