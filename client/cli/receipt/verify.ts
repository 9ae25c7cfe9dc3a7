import { duckdbVersion } from '../../../activities/duckdb/session.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import { withinObjectScope } from '../../../activities/objects/copies/object-scope.ts';
import { verifyLanding, verifyTables, type LandedFile } from '../../../activities/publish/verify/verify-run.ts';
import { contradictionsIn } from '../../../activities/publish/verify/contradictions.ts';
import { resolveEnvironment, type EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { readReceipt, receiptPlace } from '../receipt.ts';
import { readReports } from '../runs/source-reports.ts';
import { findStoredRun, storedRuns } from '../runs/stored-runs.ts';
import { openScreen } from '../screen.ts';
import { colorsFor } from '../terminal.ts';
import { parseReceipt } from './parse-receipt.ts';
import { readSigned } from './signed-receipt.ts';
import { isProven, verdictOf, verificationText, type Verification } from './verification-text.ts';

export interface VerifyReceiptArguments {
  /** A run's id, `latest`, or a pipeline: its last run. */
  readonly run: string;
  readonly environment: string;
  readonly json: boolean;
  /** How many differing rows are named. */
  readonly limit: number;
  readonly folder: string;
}

/**
 * `acequia receipt verify`: recomputes what a receipt claims. The signature, the digest of every landed file, and at each
 * destination the rows that were published. Exit status 0 only where all of that was looked up and holds; nothing is written.
 */
export async function verifyReceipt(args: VerifyReceiptArguments): Promise<ExitCode> {
  const { run, environment, json, limit, folder } = args;
  const settings = resolveEnvironment(environment, process.env);
  const stored = await findStoredRun(run, settings);
  const { text, signature } = await readSigned(stored, settings);
  const receipt = parseReceipt(text, stored.uri);
  const interrupts = listenForInterrupts();
  const screen = await openScreen(process.stderr);
  const say = (step: string): void => screen.say(`verifying ${step}`);
  try {
    const lake = openLake(settings.lake);
    const { signal } = interrupts;
    const { files, unread } = await landedFiles(receipt, settings);
    const verification: Verification = {
      signature,
      place: receiptPlace(stored.uri, folder),
      trusted: settings.receiptKeys.trusted !== undefined,
      contradictions: contradictionsIn(receipt),
      files: await withinObjectScope(signal, () => verifyLanding(files, { lake, signal, say })),
      unread,
      tables: await withinObjectScope(signal, () =>
        verifyTables(receipt, {
          ...{ lake, signal, say, limit },
          variables: process.env,
          duckdb: duckdbVersion(),
          receiptOf: (runId) => receiptOf(runId, settings),
        }),
      ),
    };
    screen.end();
    process.stdout.write(
      json
        ? `${JSON.stringify({ run: receipt.run, proven: isProven(verification), ...verification }, null, 2)}\n`
        : `${verificationText(receipt, verification, colorsFor(process.stdout))}\n${verdictOf(receipt, verification)}\n`,
    );
    return isProven(verification) ? EXIT.done : EXIT.failed;
  } catch (error) {
    if (interrupts.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    screen.end();
    interrupts.stopListening();
  }
}

/** The landed files of a run, and the sources whose report the lake does not have any more. */
async function landedFiles(
  receipt: Receipt,
  settings: EnvironmentSettings,
): Promise<{ files: LandedFile[]; unread: string[] }> {
  const lake = openLake(settings.lake);
  const held = await Promise.all(
    receipt.sources.map(async (source) => ({
      source,
      held: source.report !== null && (await lake.holds(source.report)),
    })),
  );
  const sources = held.flatMap((one) => (one.held ? [one.source] : []));
  const told = await readReports({ ...receipt, sources }, settings.lake);
  return {
    files: told.flatMap(({ source, report }) =>
      report.files.map(({ name, digest, landing }) => ({ source: source.name, name, digest, landing })),
    ),
    unread: held.flatMap(({ source, held: there }) => (source.report !== null && !there ? [source.name] : [])),
  };
}

async function receiptOf(runId: string, settings: EnvironmentSettings): Promise<Receipt | undefined> {
  const found = (await storedRuns(settings)).find((run) => run.runId === runId);
  return found ? readReceipt(found.uri, settings.lake) : undefined;
}
