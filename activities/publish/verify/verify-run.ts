import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { isDrained, type Receipt, type ReceiptTable } from '../../../workflows/receipt.ts';
import type { LakeUri, RunIdentity, StagedTable } from '../../../workflows/stages.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { Lake } from '../../lake/lake.ts';
import { verifyLoad, type Verified } from './verify-table.ts';

/** A file of a source as it was landed. */
export interface LandedFile {
  readonly source: string;
  readonly name: string;
  readonly digest: string;
  readonly landing: LakeUri;
}

/** `gone`: the lake does not have it any more. `altered`: its bytes are others. */
export interface VerifiedFile {
  readonly file: LandedFile;
  readonly state: 'same' | 'gone' | 'altered';
}

export interface VerifiedTable {
  readonly name: string;
  readonly destination: string;
  /** `failed`: it could not be looked up. `gone`: the lake does not keep the rows that were published any more. */
  readonly result: Verified | { readonly state: 'gone' } | { readonly state: 'failed'; readonly why: string };
}

export interface VerifyRunSettings {
  readonly lake: Lake;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Of this process: digests of rows are compared with the receipt's where it is the same. */
  readonly duckdb: string;
  readonly limit: number;
  readonly signal: AbortSignal;
  /** The receipt of another run of any pipeline. */
  readonly receiptOf: (runId: string) => Promise<Receipt | undefined>;
  readonly say: (step: string) => void;
}

/** Takes the digest of every landed file again. */
export async function verifyLanding(
  files: readonly LandedFile[],
  { lake, signal, say }: Pick<VerifyRunSettings, 'lake' | 'signal' | 'say'>,
): Promise<VerifiedFile[]> {
  const verified: VerifiedFile[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    say(`${file.source}: ${file.name}`);
    if (await lake.holds(file.landing)) {
      const digest = await digestOf(await lake.local(file.landing));
      verified.push({ file, state: digest === file.digest ? 'same' : 'altered' });
    } else verified.push({ file, state: 'gone' });
  }
  return verified;
}

/** Compares every table that a run has published with what is at its destination now. */
export async function verifyTables(receipt: Receipt, settings: VerifyRunSettings): Promise<VerifiedTable[]> {
  const verified: VerifiedTable[] = [];
  for (const table of receipt.tables) {
    if (table.destination === null) continue;
    settings.say(`${table.destination}: ${table.name}`);
    verified.push({
      name: table.name,
      destination: table.destination,
      result: await verifyTable(receipt, table, settings),
    });
  }
  return verified;
}

async function verifyTable(
  receipt: Receipt,
  table: ReceiptTable,
  settings: VerifyRunSettings,
): Promise<VerifiedTable['result']> {
  const place = receipt.destinations.find(({ name }) => name === table.destination);
  const { plan, stored, loadId, digest } = table;
  if (!place || !plan || loadId === null || digest === null) return { state: 'failed', why: whyUnknown(table) };
  if (!(await holdsAll(settings.lake, stored))) return { state: 'gone' };
  const staged: StagedTable = { name: table.name, rows: table.rows, uris: stored };
  const load = {
    run: identityOf(receipt),
    lake: settings.lake.uri,
    ...{ place, table: plan, stored: staged, loadId, digest },
    outdated: table.outdated,
    comparable: receipt.versions.duckdb === settings.duckdb,
  };
  try {
    const verified = await verifyLoad(load, {
      ...settings,
      laterRows: (runId) => storedRows(runId, table, settings),
    });
    return verified.state === 'same' && verified.rows !== table.rows
      ? {
          state: 'different',
          why: [`the receipt says ${table.rows} rows; the lake keeps ${verified.rows} of this load`],
        }
      : verified;
  } catch (error) {
    settings.signal.throwIfAborted();
    if (error instanceof AcequiaError) return { state: 'failed', why: error.message };
    throw error;
  }
}

/** What another run has published to the same table of the same destination. */
async function storedRows(
  runId: string,
  { name, destination }: ReceiptTable,
  { receiptOf, lake }: VerifyRunSettings,
): Promise<StagedTable | undefined> {
  const receipt = await receiptOf(runId);
  const found = receipt?.tables.find((table) => table.name === name && table.destination === destination);
  if (!found || !(await holdsAll(lake, found.stored))) return undefined;
  return { name, rows: found.rows, uris: found.stored };
}

async function holdsAll(lake: Lake, uris: readonly LakeUri[]): Promise<boolean> {
  const held = await Promise.all(uris.map((uri) => lake.holds(uri)));
  return uris.length > 0 && held.every(Boolean);
}

function identityOf({ run }: Receipt): RunIdentity {
  const { pipeline, environment, workflowId, runId, startedAt } = run;
  return { pipeline, environment, workflowId, runId, rootRunId: runId, startedAt };
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** Why a receipt does not say enough of a table to look its rows up. */
function whyUnknown(table: ReceiptTable): string {
  return isDrained(table)
    ? 'its rows were drained in batches, which are not kept; the sums and the digest of each stand in _acequia_batches beside the table'
    : 'the receipt was written by an earlier release, and does not say how the table was loaded';
}
