import { RETAINED_PARTS, parseDuration, type RetainedPart } from '../../workflows/definition/index.ts';
import type { CleanUpStep } from '../../workflows/clean-up-contract.ts';
import type { ReceiptSource } from '../../workflows/receipt.ts';
import type { Lake } from '../lake/lake.ts';
import { removedByRetention } from '../lake/removed-by-retention.ts';
import type { Work } from '../progress.ts';
import { readJson, readReceipts, unreadable, type NamingReceipt } from './read-receipts.ts';

/** The part of a source's report that names landed bytes. */
interface NamingReport {
  readonly files: readonly { readonly digest: string; readonly landing?: string }[];
}

/** Answers whether a young receipt names what is under a key. */
export type IsNeeded = (key: string) => boolean;

/**
 * Reads every receipt, and the reports of those that are young. Memory is in proportion to what young receipts name, not to
 * the lake. Errors: `ReceiptUnreadable`.
 */
export async function neededKeys(lake: Lake, step: CleanUpStep, work: Work): Promise<IsNeeded> {
  const keys = new Set<string>();
  const folders = new Set<string>();
  const read = new Set<string>();
  let receipts = 0;
  for await (const receipt of readReceipts(lake)) {
    work.signal.throwIfAborted();
    work.report({ step: 'reading receipts', rows: (receipts += 1) });
    const young = youngParts(receipt, step);
    const { pipeline, runId } = receipt.run;
    if (young.has('staging')) {
      folders.add(`reports/${pipeline}/${runId}`);
      for (const uri of receipt.tables.flatMap(({ stored }) => stored ?? [])) add(keys, keysOf(uri));
    }
    if (young.has('quarantine')) for (const { quarantine } of receipt.tables) add(keys, keysOf(quarantine ?? ''));
    for (const source of receipt.sources) {
      if (young.has('quarantine') && source.quarantine) add(keys, keysOf(source.quarantine));
      if (source.report === null) continue;
      // It says what the others were made of: it stays for as long as any of them.
      if (young.size > 0) add(keys, keysOf(source.report));
      if (young.has('staging')) add(folders, keysOf(source.report).map(folderOf));
      if (!young.has('landing') || read.has(source.report)) continue;
      read.add(source.report);
      add(keys, await landedKeys(lake, receipt, source));
    }
  }
  return (key) => keys.has(key) || parentsOf(key).some((folder) => folders.has(folder));
}

/** Parts of which what this run left is still kept. */
function youngParts({ run }: NamingReceipt, { at, retention }: CleanUpStep): ReadonlySet<RetainedPart> {
  const age = Date.parse(at) - Date.parse(run.finishedAt);
  return new Set(
    RETAINED_PARTS.filter((part) => age <= (parseDuration(retention[part] ?? '') ?? Number.POSITIVE_INFINITY)),
  );
}

async function landedKeys(lake: Lake, { run }: NamingReceipt, { report, name }: ReceiptSource): Promise<string[]> {
  const [key] = await existing(lake, keysOf(report ?? ''));
  if (key === undefined) {
    // Under a shorter retention it has gone, and the landed bytes with it.
    if (await removedByRetention(lake, run.finishedAt)) return [];
    throw unreadable(report ?? '', `the receipt of run ${run.runId} names it for ${name}, and it is not there`);
  }
  const { files } = (await readJson(lake, key)) as Partial<NamingReport>;
  if (!Array.isArray(files)) throw unreadable(lake.uriOf(key), 'it does not say which files were read');
  return (files as NamingReport['files']).flatMap(({ digest, landing }) => [
    `landing/sha256/${digest.slice(0, 2)}/${digest}`,
    ...(landing === undefined ? [] : keysOf(landing)),
  ]);
}

async function existing(lake: Lake, keys: readonly string[]): Promise<string[]> {
  const there = await Promise.all(keys.map((key) => lake.has(key)));
  return keys.filter((_, index) => there[index]);
}

const PLACE = /(?:landing|staging|models|quarantine|reports)\//g;

/**
 * The keys that a URI may stand for: its end, from every folder in it that could be the lake's own. A lake that was moved
 * since the run keeps what its receipts name.
 */
function keysOf(uri: string): string[] {
  const path = decodeURIComponent(uri);
  return [...path.matchAll(PLACE)].filter(({ index }) => path[index - 1] === '/').map(({ index }) => path.slice(index));
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}

function parentsOf(key: string): string[] {
  const names = key.split('/');
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}

function add(set: Set<string>, keys: readonly string[]): void {
  for (const key of keys) set.add(key);
}
