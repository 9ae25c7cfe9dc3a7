import type { SourcePlan } from '../../workflows/definition/index.ts';
import type { IngestedSource, IngestRequest } from '../../workflows/stages.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { closest } from '../../workflows/definition/closest.ts';
import { diskError } from '../failure/disk.ts';
import { openLake, type Lake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { withScratchFolder } from '../scratch-folder.ts';
import { refuseClashes } from './contract/clashes.ts';
import { settleDeclared, widenJudged } from './contract/settle.ts';
import type { Settled } from './contract/settled.ts';
import type { ScanSettings } from './files/scan.ts';
import { badRowsGuard } from '../../workflows/bad-rows-guard.ts';
import { columnsGuard, discardedGuard, evolvedGuard, freshGuard, readingGuard } from './guards.ts';
import { openSource, withLandedSource, type LandedSource } from './open-source.ts';
import type { FileOrigin, ParkedSourceFile } from './parked.ts';
import { SourceReading, type FileRows } from './read-files.ts';
import { failedFile, reportOn } from './report.ts';
import type { ReadFile } from './staging/read-source.ts';
import type { SourceReport } from './staging/source-report.ts';
import { stageSource } from './staging/stage-source.ts';
import { findStaged, stagedKeys, writeReport, type StagedKeys } from './staging/staged-files.ts';

/** The part of a worker's settings that decides how files are read. */
export interface IngestSettings {
  /** clamd, where files are scanned for malware. */
  readonly scan?: ScanSettings;
}

/** Parked files that a run names; the others are counted. */
const MOST_NAMED = 20;

/**
 * Takes the files of a source from where they lie to typed, strictly cast Parquet in the lake; what does not fit goes to
 * quarantine. A file that cannot be read is parked and named; the others go on. Of corrections none may fail: what was
 * corrected before would be missing from the table.
 *
 * Safe to run twice and to be killed anywhere: results are named by the files' bytes and the contract, and finished work
 * is found again. What can change without the bytes (age, limits) is judged each time.
 *
 * Errors: `DefinitionInvalid`, `SourceMissing`, `SourceChanging`, `ContractBreach`, `NotAccounted`, `DiskFull`,
 * `PermissionDenied`; where no file of its own could be read, or one with corrections could not, that of the first one;
 * the signal's reason when aborted.
 */
export async function ingestSource(
  request: IngestRequest,
  work: Work,
  settings: IngestSettings = {},
): Promise<IngestedSource> {
  work.signal.throwIfAborted();
  refuseClashes(request.source);
  const lake = openLake(request.lake);
  return withLandedSource(request.source, lake, work, (landed) => ingestLanded(request, landed, lake, work, settings));
}

async function ingestLanded(
  { source, run }: IngestRequest,
  landed: LandedSource,
  lake: Lake,
  work: Work,
  settings: IngestSettings,
): Promise<IngestedSource> {
  requireWhatMatters(source, landed.files, landed.parked);
  const keys = stagedKeys(
    run.pipeline,
    source,
    landed.files.map(({ found: { name }, landing }) => ({ name, digest: landing.landed.digest })),
    settings.scan !== undefined,
  );
  const known = await findStaged(lake, keys);
  if (known) await landed.keep();
  const report = known ?? (await readAndStage(source, landed, lake, keys, work, settings));
  const { counts } = report;
  const parked = [...landed.parked.map(failedFile), ...report.parked];
  return {
    name: source.name,
    uri: source.path,
    files: report.files.length,
    bytes: landed.bytes,
    digest: landed.digest,
    ...counts,
    quarantine: lake.uriOf(keys.quarantine),
    report: lake.uriOf(keys.manifest),
    guards: [
      ...freshGuard(source, landed.modifiedMs, run.startedAt),
      columnsGuard(source, report),
      ...evolvedGuard(source, report),
      readingGuard(source, report),
      badRowsGuard(source, counts),
      ...discardedGuard(source, counts),
    ],
    parked: parked.slice(0, MOST_NAMED),
    parkedFiles: parked.length,
  };
}

async function readAndStage(
  source: SourcePlan,
  landed: LandedSource,
  lake: Lake,
  keys: StagedKeys,
  work: Work,
  { scan }: IngestSettings,
): Promise<SourceReport> {
  return withScratchFolder(async (folder) => {
    try {
      const reading = new SourceReading(source, settleDeclared(source), folder, work);
      const parked = await openSource(source, landed.files, { work, folder, scan }, (file, origin) =>
        reading.add(file, origin),
      );
      for (;;) {
        const files = await reading.rows();
        const left = [...parked, ...reading.parked];
        requireWhatMatters(source, files, left);
        requireColumns(source, reading.settled, files);
        requireNamed(source, reading.settled);
        const read = { source, settled: reading.settled, files: files.map(toStage), folder };
        const staged = await stageSource(read, lake, keys, work);
        if ('wider' in staged) {
          reading.settled = widenJudged(reading.settled, staged.wider);
          continue;
        }
        if ('refused' in staged) {
          for (const { file, error } of staged.refused) await reading.leave(file, error);
          continue;
        }
        work.signal.throwIfAborted();
        const report = reportOn(reading.settled, files, left, staged);
        await landed.keep();
        await writeReport(lake, keys, report);
        return report;
      }
    } catch (error) {
      work.signal.throwIfAborted();
      throw diskError(error, folder);
    }
  });
}

/** Formats whose records have no text of their own. */
const WITHOUT_TEXT: readonly string[] = ['excel', 'parquet'];

function toStage({ file, layout, summary }: FileRows): ReadFile {
  const text = WITHOUT_TEXT.includes(file.format) ? {} : { textPath: file.path };
  return { name: file.name, layout, summary, ...text };
}

/** No table can be made of files that show nothing of its columns, unless they are declared. */
function requireColumns(
  source: SourcePlan,
  { tables: [records, ...lists] }: Settled,
  files: readonly FileRows[],
): void {
  if (records.columns.length > 0) return;
  const read = files.reduce((sum, { summary }) => sum + summary.records, 0);
  const [list] = lists;
  throw new AcequiaError('SourceEmpty', {
    what: `The table ${records.name} has no columns: ${read === 0 ? 'there is not one record' : 'no record has a value of its own'}.`,
    where: source.path,
    why: 'Nothing else in such a file names its columns.',
    remedy: list
      ? `name the list inside, as in records: '${list.list.replaceAll('[]', '')}'`
      : `leave it out, or add its columns to sources.${source.name}.columns`,
  });
}

/** What was inferred may lack what the definition names. */
function requireNamed(source: SourcePlan, { tables: [records] }: Settled): void {
  const names = records.columns.flatMap(({ name, origin }) => (origin === 'forbidden' ? [] : [name]));
  for (const [what, wanted] of [
    ['The key', source.key],
    ['keepLatestBy', source.keepLatestBy ?? []],
  ] as const) {
    const unknown = wanted.find((name) => !names.includes(name));
    if (unknown === undefined) continue;
    throw new AcequiaError('DefinitionInvalid', {
      what: `${what} names a column "${unknown}" that the files do not have.${closest(unknown, names)}`,
      where: source.path,
      why: `Their columns are: ${names.join(', ')}.`,
      remedy: 'name columns that are there',
    });
  }
}

/** Without any file of its own a source has nothing to go on with, and without one with corrections it would lose rows. */
function requireWhatMatters(
  source: SourcePlan,
  files: readonly { readonly origin: FileOrigin }[],
  parked: readonly ParkedSourceFile[],
): void {
  const correction = parked.find(({ origin }) => origin === 'correction');
  if (correction) throw correctionFailed(correction);
  if (files.some(({ origin }) => origin === 'own')) return;
  const [first, ...more] = parked;
  if (!first) throw new Error(`${source.name} has neither files nor failures`);
  if (more.length === 0) throw first.error;
  const { type, where, why, remedy } = first.error;
  throw new AcequiaError(type, {
    what: `None of ${parked.length} files can be read. The first: ${first.error.what}`,
    ...(where ? { where } : {}),
    ...(why ? { why } : {}),
    remedy,
  });
}

function correctionFailed({ name, error }: ParkedSourceFile): AcequiaError {
  const { type, what, where, why, remedy } = error;
  return new AcequiaError(type, {
    what: `The corrected rows in ${name} cannot be read, and nothing is published without them: ${what}`,
    ...(where ? { where } : {}),
    ...(why ? { why } : {}),
    remedy: `${remedy}; then replay that run again`,
  });
}
