import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourcePlan } from '../../workflows/definition/index.ts';
import type { Lake, Landing } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { findFiles, type SourceFile } from '../files/find-files.ts';
import { landFile, openFile, type OpenedFile } from './files/open-file.ts';
import type { ScanSettings } from './files/scan.ts';
import { costsOneFile, type ParkedSourceFile } from './parked.ts';

export interface LandedFile {
  readonly found: SourceFile;
  readonly landing: Landing;
}

/** A source's files as they came. */
export interface LandedSource {
  readonly files: readonly LandedFile[];
  /** What could not be taken at all. */
  readonly parked: readonly ParkedSourceFile[];
  readonly bytes: number;
  /** SHA-256 in hex: of the file's bytes; of several files, over their names and digests. */
  readonly digest: string;
  /** The newest of them, milliseconds. */
  readonly modifiedMs: number;
  /** Makes them stay in the lake, safe on disk. Nothing that names them may be written before. They cannot be read afterwards. */
  keep(): Promise<void>;
}

/**
 * Finds and lands the files of a source, for as long as `use` needs them. They stay in the lake if it keeps them. Errors:
 * `SourceMissing`, `SourceChanging`; those of the lake; those of `use`.
 */
export async function withLandedSource<T>(
  source: SourcePlan,
  lake: Lake,
  work: Work,
  use: (landed: LandedSource) => Promise<T>,
): Promise<T> {
  const found = await findFiles(source.path, source.root === undefined ? {} : { root: source.root });
  const corrections = source.corrections ? await findFiles(source.corrections) : { files: [], refused: [] };
  const parked: ParkedSourceFile[] = [...found.refused, ...corrections.refused];
  const files: LandedFile[] = [];
  try {
    for (const file of [...found.files, ...corrections.files]) {
      try {
        files.push({ found: file, landing: await landFile(file, lake, work) });
      } catch (error) {
        work.signal.throwIfAborted();
        if (!costsOneFile(error)) throw error;
        parked.push({ name: file.name, error });
      }
    }
    return await use({
      files,
      parked,
      bytes: files.reduce((sum, { landing }) => sum + landing.landed.bytes, 0),
      digest: digestOf(files),
      modifiedMs: Math.max(0, ...files.map(({ found: { modifiedMs } }) => modifiedMs)),
      keep: async () => {
        for (const { landing } of files) await landing.keep();
      },
    });
  } finally {
    for (const { landing } of files) await landing.drop();
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
  take: (file: OpenedFile, found: SourceFile) => Promise<void>,
): Promise<ParkedSourceFile[]> {
  const parked: ParkedSourceFile[] = [];
  let kept = 0;
  for (const { found, landing } of files) {
    // Corrections are written by whoever corrects, whatever the source's own files are.
    const asDeclared = found.path !== source.corrections;
    const opened = openFile(found, landing, {
      ...{ work, folder },
      format: asDeclared && source.kind !== 'files' ? source.kind : 'auto',
      ...(asDeclared && source.encoding ? { encoding: source.encoding } : {}),
      ...(scan ? { scan } : {}),
    });
    for await (const item of opened) {
      if (item.kind === 'failed') {
        parked.push({ name: item.name, error: item.error });
      } else if (item.path === landing.path) {
        await take(item, found);
      } else {
        const path = join(folder, `plain-${kept}`);
        kept += 1;
        await rename(item.path, path);
        await take({ ...item, path }, found);
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
