import { createHash } from 'node:crypto';
import type { SourcePlan } from '../../../workflows/definition/index.ts';
import type { IngestedSource, LakeUri } from '../../../workflows/stages.ts';
import type { Lake } from '../../lake/lake.ts';
import type { SourceReport } from './source-report.ts';

/** Part of every key: a change in how files are read or written, or in what their report says, makes new ones. */
const LOADER_VERSION = 5;

/** Where a source's results lie in the lake, named by what they are made from. */
export interface StagedKeys {
  /** Names the content alone: the same bytes under another name have the same. */
  readonly identity: string;
  readonly folder: string;
  readonly quarantine: string;
  readonly manifest: string;
}

/** What was made: `read = staged + quarantined + deduplicated`. */
export type StagedCounts = Pick<
  IngestedSource,
  'read' | 'staged' | 'quarantined' | 'deduplicated' | 'discarded' | 'reasons' | 'tables'
>;

/** `files`: name and digest of every file, in order. `scanned`: whether they are scanned for malware; what was read unscanned is not found again then. */
export function stagedKeys(
  pipeline: string,
  source: SourcePlan,
  files: readonly { readonly name: string; readonly digest: string }[],
  scanned: boolean,
): StagedKeys {
  // Where the files lie and who lists them, what is judged each time, and the order of columns and rows, which is no part of what they are.
  const { path: _, root: __, corrections = [], failAbove: ___, freshWithinMs: ____, ...read } = source;
  const { columnOrder, landed: _____, ...decisive } = read;
  const hash = (made: unknown): string => createHash('sha256').update(JSON.stringify(made)).digest('hex');
  const identity = hash([decisive, files.map(({ digest }) => digest)]);
  const handedIn = corrections.length > 0 ? [corrections.length] : [];
  const order = columnOrder === undefined ? [] : [columnOrder];
  const made = hash([LOADER_VERSION, identity, files.map(({ name }) => name), scanned, ...handedIn, ...order]);
  const name = `${pipeline}/${source.name}/${made.slice(0, 16)}`;
  return {
    identity,
    folder: `staging/${name}`,
    quarantine: `quarantine/${name}.parquet`,
    manifest: `staging/${name}/source.json`,
  };
}

export function partKey({ folder }: StagedKeys, table: string, part: number): string {
  return `${folder}/${table}/${part}.parquet`;
}

/** The report on finished work under these keys; `undefined` where any part of it is missing. */
export async function findStaged(lake: Lake, keys: StagedKeys): Promise<SourceReport | undefined> {
  if (!(await lake.claim(keys.manifest)) || !(await lake.claim(keys.quarantine))) return undefined;
  const report = JSON.parse(await lake.readText(lake.uriOf(keys.manifest))) as SourceReport;
  for (const { name, uris } of report.counts.tables) {
    for (const part of uris.keys()) if (!(await lake.claim(partKey(keys, name, part)))) return undefined;
  }
  return report;
}

/** Written last: from here on the work is done. */
export async function writeReport(lake: Lake, keys: StagedKeys, report: SourceReport): Promise<LakeUri> {
  return lake.writeText(keys.manifest, `${JSON.stringify(report, undefined, 2)}\n`);
}
