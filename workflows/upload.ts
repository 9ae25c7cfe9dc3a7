import { isCancellation } from '@temporalio/workflow';
import type { DestinationPlan, Plan } from './definition/index.ts';
import type { RunAccount } from './run-account.ts';
import { runErrorOf } from './run-error.ts';
import type { StageCaller } from './stage-caller.ts';
import type { LakeUri, RunIdentity, StagedTable } from './stages.ts';

/** What is to lie in a bucket when a run is over. */
export interface UploadRequest {
  readonly run: RunIdentity;
  readonly lake: LakeUri;
  /** URL of a place in a bucket; ends in `/`. */
  readonly to: string;
  /** Published files: what each is called there, and its absolute path. */
  readonly files: readonly { readonly name: string; readonly path: string }[];
  readonly tables: readonly Pick<StagedTable, 'name' | 'uris'>[];
  /** Sources of files: their reports name what was read; `corrections` are paths of files that were handed in. */
  readonly inputs: readonly UploadedInput[];
}

export interface UploadedInput {
  readonly source: string;
  readonly report: LakeUri;
  readonly corrections: readonly string[];
}

/** What lies there now. */
export interface UploadedFiles {
  /** JSON in the lake: a list of `UploadedFile`. */
  readonly list: LakeUri;
  readonly files: number;
  /** Those that were not there before in the same bytes. */
  readonly sent: number;
  /** Of those that were sent. */
  readonly bytes: number;
}

/** An object, as the receipt names it. */
export interface UploadedFile {
  /** Below the place: `empresa.db`, `tables/ventas.parquet`, `inputs/ventas/ventas.csv`. */
  readonly name: string;
  readonly uri: string;
  readonly bytes: number;
  /** SHA-256, hex. */
  readonly digest: string;
  /** Whether it went over in this run; otherwise the same bytes were there. */
  readonly sent: boolean;
}

/**
 * Copies what the plan names to its bucket. What is published stays, whatever becomes of this: a failure is noted in the
 * account, and costs the run its success.
 */
export async function uploadPublished(
  run: RunIdentity,
  plan: Plan,
  destinations: readonly DestinationPlan[],
  account: RunAccount,
  stage: StageCaller,
): Promise<void> {
  const { upload, lake } = plan;
  if (!upload || account.published.length === 0) return;
  const wanted = (name: string): boolean => upload.of.includes(name);
  const files = destinations.flatMap(({ name, path }) =>
    wanted(name) && account.published.some(({ destination }) => destination === name) ? [{ name, path }] : [],
  );
  const tables = wanted('tables') ? account.transformed.map(({ name, uris }) => ({ name, uris })) : [];
  const inputs = wanted('inputs') ? inputsOf(plan, account) : [];
  try {
    account.uploaded = await stage(
      { stage: 'upload', summary: `Copy ${upload.of.join(', ')} to ${upload.to}` },
      { run, lake, to: upload.to, files, tables, inputs },
      ({ bytes }) => ({ bytes }),
    );
  } catch (error) {
    if (isCancellation(error)) throw error;
    account.notUploaded = runErrorOf(error);
  }
}

/** What was read of a database is no file of anybody's. */
function inputsOf({ sources, databases = [] }: Plan, account: RunAccount): UploadedInput[] {
  const ofDatabases = databases.flatMap(({ tables }) => tables.map(({ source }) => source));
  return account.sources.flatMap(({ name, report }) => {
    const source = sources.find((one) => one.name === name);
    if (!source || ofDatabases.includes(name)) return [];
    return [{ source: name, report, corrections: source.corrections ?? [] }];
  });
}
