import { join } from 'node:path';
import type { SourcePlan } from '../../workflows/definition/index.ts';
import type { IngestedSource, IngestRequest } from '../../workflows/stages.ts';
import { diskError } from '../failure/disk.ts';
import { withScratchFolder } from '../scratch-folder.ts';
import { openLake, type Landed, type Lake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { badRowsGuard, columnsGuard, freshGuard } from './guards.ts';
import { holdHeader, readHeader } from './header.ts';
import { expectUnchanged, findSourceFile, type FoundFile } from './source-file.ts';
import { splitInThread } from './split-in-thread.ts';
import { stageRows } from './stage-rows.ts';
import { findStaged, stagedKeys, writeManifest, type StagedCounts, type StagedKeys } from './staged-files.ts';
import { compileTypedRows, type TypedRows } from './typed-rows.ts';

/**
 * Takes one CSV file from where it lies to typed, strictly cast Parquet in the lake; what does not fit goes to quarantine.
 *
 * Safe to run twice and to be killed anywhere: results are named by the file's bytes and the contract, and finished work
 * is found again. What can change without the bytes (age, limits) is judged each time.
 *
 * Errors: `DefinitionInvalid`, `SourceMissing`, `SourceWrongType`, `SourceUnreadable`, `SourceEmpty`, `SourceChanging`,
 * `ContractBreach`, `ReadersDisagree`, `NotAccounted`, `DiskFull`, `PermissionDenied`; the signal's reason when aborted.
 */
export async function ingestSource(request: IngestRequest, work: Work): Promise<IngestedSource> {
  const { source, run } = request;
  work.signal.throwIfAborted();
  const rows = compileTypedRows(source);
  const found = await findSourceFile(source.path);
  const lake = openLake(request.lake);
  const landed = await land(lake, source, found, work);

  const landedPath = lake.readable(landed.uri);
  const { projection, extra } = holdHeader(await readHeader(landedPath, source), source);
  const keys = stagedKeys(run.pipeline, source, landed.digest);
  const counts =
    (await findStaged(lake, keys)) ??
    (await readAndStage({ source, rows, landed, landedPath, projection }, lake, keys, work));

  return {
    name: source.name,
    uri: source.path,
    bytes: landed.bytes,
    digest: landed.digest,
    ...counts,
    landing: landed.uri,
    staging: lake.uriOf(keys.staging),
    quarantine: lake.uriOf(keys.quarantine),
    guards: [
      ...freshGuard(source, found.modifiedMs, run.startedAt),
      columnsGuard(source, extra),
      badRowsGuard(source, counts),
    ],
  };
}

/** Error `SourceChanging` as soon as more comes than the file had: one that is written without end would never be landed. */
async function land(lake: Lake, source: SourcePlan, found: FoundFile, work: Work): Promise<Landed> {
  const grown = new AbortController();
  const tell = (bytes: number): void => {
    if (bytes > found.bytes) grown.abort();
    else work.report({ step: 'landing', bytes, totalBytes: found.bytes });
  };
  tell(0);
  try {
    const landed = await lake.land(source.path, tell, AbortSignal.any([work.signal, grown.signal]));
    await expectUnchanged(source.path, found, landed.bytes);
    return landed;
  } catch (error) {
    work.signal.throwIfAborted();
    if (grown.signal.aborted) await expectUnchanged(source.path, found, Infinity);
    throw error;
  }
}

interface LandedFile {
  readonly source: SourcePlan;
  readonly rows: TypedRows;
  readonly landed: Landed;
  readonly landedPath: string;
  readonly projection: readonly number[];
}

async function readAndStage(file: LandedFile, lake: Lake, keys: StagedKeys, work: Work): Promise<StagedCounts> {
  return withScratchFolder(async (folder) => {
    try {
      return await readAndStageIn(folder, file, lake, keys, work);
    } catch (error) {
      work.signal.throwIfAborted();
      throw diskError(error, folder);
    }
  });
}

async function readAndStageIn(
  folder: string,
  file: LandedFile,
  lake: Lake,
  keys: StagedKeys,
  work: Work,
): Promise<StagedCounts> {
  const { source, landed, landedPath, projection } = file;
  const goodPath = join(folder, 'good.csv');
  const brokenPath = join(folder, 'broken.csv');
  const told = { step: 'reading', totalBytes: landed.bytes };
  work.report({ ...told, bytes: 0, rows: 0 });
  const summary = await splitInThread(
    {
      path: landedPath,
      dialect: { delimiter: source.delimiter, quote: source.quote },
      projection,
      goodPath,
      brokenPath,
    },
    (bytes, rows) => work.report({ ...told, bytes, rows }),
    work.signal,
  );
  work.report({ ...told, bytes: landed.bytes, rows: summary.records });
  const counts = await stageRows({ ...file, goodPath, brokenPath, summary, folder }, lake, keys, work);
  work.signal.throwIfAborted();
  await writeManifest(lake, keys, counts);
  return counts;
}
