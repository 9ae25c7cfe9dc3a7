import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { sourceCorrupt } from './corrupt.ts';
import { expansionAllowance, tooMuchComesOut, type FileLimits } from './limits.ts';
import { entryPath, isAside, pathProblem } from './zip-names.ts';

export interface ListedEntry {
  /** Its path in the archive. */
  readonly path: string;
  readonly entry: Entry;
}

export interface ZipList {
  readonly zip: ZipFile;
  /** Regular files, in the archive's order. */
  readonly entries: readonly ListedEntry[];
  readonly leftOut: readonly string[];
}

/**
 * Reads the list of an archive and judges all of it before anything is unpacked. The caller closes `zip`.
 * Errors: `SourceCorrupt`; `SourceRefused` for paths that lead out of the archive, two entries of one path, symbolic
 * links, and more entries or bytes than are allowed; `SourceWrongType` for encryption and unknown ways of packing.
 */
export async function listZip(path: string, name: string, packedBytes: number, limits: FileLimits): Promise<ZipList> {
  const zip = await openPromise(path, { decodeStrings: false, autoClose: false }).catch((error: unknown) => {
    throw damaged(name, error);
  });
  try {
    return { zip, ...judge(await allEntries(zip, name, limits), name, packedBytes, limits) };
  } catch (error) {
    zip.close();
    throw error instanceof AcequiaError ? error : damaged(name, error);
  }
}

async function allEntries(zip: ZipFile, name: string, limits: FileLimits): Promise<Entry[]> {
  if (zip.entryCount > limits.zipEntries) throw tooManyEntries(name, zip.entryCount, limits);
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  return entries;
}

function judge(
  all: readonly Entry[],
  name: string,
  packedBytes: number,
  limits: FileLimits,
): { entries: ListedEntry[]; leftOut: string[] } {
  const seen = new Set<string>();
  const entries: ListedEntry[] = [];
  const leftOut: string[] = [];
  let promised = 0;
  for (const entry of all) {
    const path = entryPath(entry);
    const problem = pathProblem(path, limits.pathBytes) ?? linkProblem(entry, path);
    if (problem) throw refused(name, problem);
    if (seen.has(path)) throw refused(name, `two entries have the path ${JSON.stringify(path)}`);
    seen.add(path);
    if (path.endsWith('/')) continue;
    if (isAside(path)) {
      leftOut.push(path);
      continue;
    }
    expectPlain(entry, name, path);
    promised += entry.uncompressedSize;
    if (promised > expansionAllowance(packedBytes, limits)) throw tooMuchComesOut(name, packedBytes, limits);
    entries.push({ path, entry });
  }
  return { entries, leftOut };
}

/** Archives made on Unix keep a file's kind in the upper half of its attributes. */
function linkProblem(entry: Entry, path: string): string | undefined {
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (kind === 0 || kind === 0o100000 || kind === 0o040000) return undefined;
  return `the entry ${JSON.stringify(path)} is ${kind === 0o120000 ? 'a symbolic link' : 'no regular file'}`;
}

function expectPlain(entry: Entry, name: string, path: string): void {
  if (entry.isEncrypted()) {
    throw new AcequiaError('SourceWrongType', {
      what: 'The zip archive is encrypted.',
      where: `${name}!${path}`,
      remedy: 'give an archive without a password',
    });
  }
  if (entry.compressionMethod === 0 || entry.compressionMethod === 8) return;
  throw new AcequiaError('SourceWrongType', {
    what: `The entry is packed by method ${entry.compressionMethod} of zip; only "deflate" and "stored" are read.`,
    where: `${name}!${path}`,
    remedy: 'pack the files again with ordinary zip, or each with gzip or zstd',
  });
}

export function damaged(name: string, error: unknown): AcequiaError {
  const why = error instanceof Error ? error.message : String(error);
  return sourceCorrupt(name, 'The zip archive is damaged or ends early.', why, error);
}

function refused(name: string, problem: string): AcequiaError {
  return new AcequiaError('SourceRefused', {
    what: 'The zip archive is not what an honest program makes; nothing of it was read.',
    where: name,
    why: `In its list ${problem}.`,
    remedy: 'ask where this file comes from; if it is honest, pack the files again under plain relative paths',
  });
}

function tooManyEntries(name: string, count: number, limits: FileLimits): AcequiaError {
  return new AcequiaError('SourceRefused', {
    what: `The zip archive has ${count} entries; at most ${limits.zipEntries} are taken.`,
    where: name,
    remedy: 'split the archive, or raise limits.zipEntries of this source',
  });
}
