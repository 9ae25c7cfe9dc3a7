import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SourcePlan } from '../../workflows/definition/index.ts';
import type { Lake, Landing } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { findFiles } from '../files/find-files.ts';
import { findSource } from '../files/find-source.ts';
import type { FileIdentity, SourceFile } from '../files/source-file.ts';
import { withScratchFolder } from '../scratch-folder.ts';
import { landFiles } from './files/land-files.ts';
import { openFile, type OpenedFile } from './files/open-file.ts';
import type { ScanSettings } from './files/scan.ts';
import { costsOneFile, type FileOrigin, type ParkedSourceFile } from './parked.ts';
import { reopenLanded } from './reopen-landed.ts';

export interface LandedFile {
  readonly found: FileIdentity;
  readonly landing: Landing;
  readonly origin: FileOrigin;
}

/** A source's files as they came. */
export interface LandedSource {
  readonly files: readonly LandedFile[];
  /** What could not be taken at all. */
  readonly parked: readonly ParkedSourceFile[];
  readonly bytes: number;
  /** SHA-256 in hex: of the file's bytes; of several files, over their names and digests. */
  readonly digest: string;
  /** The newest of the source's own, milliseconds. */
  readonly modifiedMs: number;
  /** Makes them stay in the lake, safe on disk. Nothing that names them may be written before. They cannot be read afterwards. */
  keep(): Promise<void>;
}

/**
 * Finds and lands the files of a source, for as long as `use` needs them. They stay in the lake if it keeps them. Those of a
 * replay have been there since. Errors: `SourceMissing`, `SourceChanging`; those of the lake; those of `use`; of a replay
 * `SourceCorrupt`.
 */
export async function withLandedSource<T>(
  source: SourcePlan,
  lake: Lake,
  work: Work,
  use: (landed: LandedSource) => Promise<T>,
): Promise<T> {
  if (source.landed !== undefined) return use(asLanded(await reopenLanded(source.landed, lake, work), []));
  const { found, refused, close } = await findOf(source, work.signal);
  const parked: ParkedSourceFile[] = [...refused];
  const files: LandedFile[] = [];
  try {
    const results = await withScratchFolder((folder) =>
      landFiles(
        found.map(({ file }) => file),
        lake,
        { work, folder, goesOn: costsOneFile },
      ),
    ).finally(close);
    for (const [index, { file, origin }] of found.entries()) {
      const result = results[index];
      if (result && 'landing' in result) files.push({ found: file, landing: result.landing, origin });
    }
    work.signal.throwIfAborted();
    for (const [index, { file, origin }] of found.entries()) {
      const result = results[index];
      if (!result || 'landing' in result) continue;
      if (!costsOneFile(result.error)) throw result.error;
      parked.push({ name: file.name, error: result.error, origin });
    }
    return await use(asLanded(files, parked));
  } finally {
    for (const { landing } of files) await landing.drop();
  }
}

function asLanded(files: readonly LandedFile[], parked: readonly ParkedSourceFile[]): LandedSource {
  return {
    files,
    parked,
    bytes: files.reduce((sum, { landing }) => sum + landing.landed.bytes, 0),
    digest: digestOf(files),
    modifiedMs: Math.max(0, ...files.map(({ found: { modifiedMs }, origin }) => (origin === 'own' ? modifiedMs : 0))),
    keep: async () => {
      for (const { landing } of files) await landing.keep();
    },
  };
}

interface FoundSource {
  /** Lets go of connections. */
  readonly close: () => void;
  readonly found: readonly { readonly file: SourceFile; readonly origin: FileOrigin }[];
  readonly refused: readonly ParkedSourceFile[];
}

/** The source's own files, then the corrections in their order. */
async function findOf({ path, root, corrections = [] }: SourcePlan, signal: AbortSignal): Promise<FoundSource> {
  const own = await findSource(path, { root, signal });
  const handed = await Promise.all(corrections.map(findCorrection));
  return {
    close: () => own.close(),
    found: [
      ...own.files.map((file) => ({ file, origin: 'own' as const })),
      ...handed.flatMap(({ files }) => files.map((file) => ({ file, origin: 'correction' as const }))),
    ],
    refused: [
      ...own.refused.map(({ name, error }) => ({ name, error, origin: 'own' as const })),
      ...handed.flatMap(({ refused }) => refused),
    ],
  };
}

/** One that is gone is refused as any other that cannot be read. */
async function findCorrection(
  path: string,
): Promise<{ readonly files: readonly SourceFile[]; readonly refused: readonly ParkedSourceFile[] }> {
  try {
    const { files, refused } = await findFiles(path);
    return { files, refused: refused.map(({ name, error }) => ({ name, error, origin: 'correction' })) };
  } catch (error) {
    if (!costsOneFile(error)) throw error;
    return { files: [], refused: [{ name: basename(path), error, origin: 'correction' }] };
  }
}

/**
 * Opens landed files one after the other: scanned, unpacked, as UTF-8. What is unpacked stays in `folder` until the
 * source is done, as rows are read again and shown from there.
 */
export async function openSource(
  source: SourcePlan,
  files: readonly LandedFile[],
  { work, folder, scan }: { work: Work; folder: string; scan: ScanSettings | undefined },
  take: (file: OpenedFile, origin: FileOrigin) => Promise<void>,
): Promise<ParkedSourceFile[]> {
  const parked: ParkedSourceFile[] = [];
  let kept = 0;
  for (const { found, landing, origin } of files) {
    // Corrections are written by whoever corrects, whatever the source's own files are.
    const asDeclared = origin === 'own';
    const opened = openFile(found, landing, {
      ...{ work, folder },
      format: asDeclared && source.kind !== 'files' ? source.kind : 'auto',
      ...(asDeclared && source.encoding ? { encoding: source.encoding } : {}),
      ...(scan ? { scan } : {}),
    });
    for await (const item of opened) {
      if (item.kind === 'failed') {
        parked.push({ name: item.name, error: item.error, origin });
      } else if (item.path === landing.path) {
        await take(item, origin);
      } else {
        const path = join(folder, `plain-${kept}`);
        kept += 1;
        await rename(item.path, path);
        await take({ ...item, path }, origin);
      }
    }
  }
  return parked;
}

function digestOf(files: readonly LandedFile[]): string {
  const [only, ...more] = files;
  if (only && more.length === 0) return only.landing.landed.digest;
  const named = files.map(({ found, landing }) => `${landing.landed.digest} ${found.name}\n`);
  return createHash('sha256').update(named.join('')).digest('hex');
}
