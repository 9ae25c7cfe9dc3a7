import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { LandedFile as LandedBefore } from '../../workflows/stages.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import { expectRegularFile } from '../files/found-file.ts';
import type { Lake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import type { LandedFile } from './open-source.ts';

/** Bytes that are read at once. */
const PIECE = 4 << 20;

/**
 * The files of an earlier run where they lie in the lake, each as the run had it: its bytes are those of its digest.
 *
 * @param list URI of a JSON list of them
 * Errors: `SourceMissing` for one that is gone, `SourceCorrupt` for one whose bytes are others.
 */
export async function reopenLanded(list: string, lake: Lake, work: Work): Promise<LandedFile[]> {
  const files: LandedFile[] = [];
  for (const file of JSON.parse(await lake.readText(list)) as LandedBefore[])
    files.push(await reopen(file, lake, work));
  return files;
}

async function reopen({ name, digest, landing, origin }: LandedBefore, lake: Lake, work: Work): Promise<LandedFile> {
  const path = await lake.local(landing);
  const there = await expectRegularFile(path);
  const found = await digestOf(path, work, there.bytes);
  if (found !== digest) throw altered(name, path, digest, found);
  return {
    found: { ...there, path, name },
    // It is in the lake, and stays.
    landing: { landed: { uri: landing, bytes: there.bytes, digest }, path, keep: nothing, drop: nothing },
    origin,
  };
}

async function digestOf(path: string, work: Work, totalBytes: number): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path, {
    highWaterMark: PIECE,
    signal: work.signal,
  }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    work.report({ step: 'proving landed bytes', bytes: (bytes += piece.length), totalBytes });
  }
  return hash.digest('hex');
}

function altered(name: string, where: string, digest: string, found: string): AcequiaError {
  return new AcequiaError('SourceCorrupt', {
    what: `The landed bytes of ${name} are not those that the run has read.`,
    where,
    why: `Their SHA-256 was ${digest}, and is ${found}.`,
    remedy: 'take the file from a backup of the lake; without it that run cannot be replayed',
  });
}

function nothing(): Promise<void> {
  return Promise.resolve();
}
