import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { SourcePlan } from '../../workflows/definition/index.ts';
import type { Lake } from '../lake/lake.ts';

/** Part of every key: a change in how files are read or written makes new ones. */
const LOADER_VERSION = 1;

/** Where a source's results lie in the lake, named by what they are made from. */
export interface StagedKeys {
  readonly staging: string;
  readonly quarantine: string;
  readonly manifest: string;
}

/** What was made: `read = staged + quarantined`. */
export interface StagedCounts {
  readonly read: number;
  readonly staged: number;
  readonly quarantined: number;
  /** Most frequent first, at most 20. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
}

export function stagedKeys(pipeline: string, source: SourcePlan, fileDigest: string): StagedKeys {
  const { columns, key, delimiter, quote } = source;
  const made = JSON.stringify([LOADER_VERSION, fileDigest, basename(source.path), columns, key, delimiter, quote]);
  const name = `${pipeline}/${source.name}/${createHash('sha256').update(made).digest('hex').slice(0, 16)}`;
  return {
    staging: `staging/${name}.parquet`,
    quarantine: `quarantine/${name}.parquet`,
    manifest: `staging/${name}.json`,
  };
}

/** The counts of finished work under these keys; `undefined` where any part of it is missing. */
export async function findStaged(lake: Lake, keys: StagedKeys): Promise<StagedCounts | undefined> {
  for (const key of [keys.manifest, keys.staging, keys.quarantine]) if (!(await lake.has(key))) return undefined;
  return JSON.parse(await lake.readText(lake.uriOf(keys.manifest))) as StagedCounts;
}

/** Written last: from here on the work is done. */
export async function writeManifest(lake: Lake, keys: StagedKeys, counts: StagedCounts): Promise<void> {
  await lake.writeText(keys.manifest, `${JSON.stringify(counts, undefined, 2)}\n`);
}
