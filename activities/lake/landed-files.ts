import type { LandedFile } from '../../workflows/stages.ts';
import { landingKey, type Lake } from './lake.ts';

/** A file as a source's report names it. */
export interface ReportedFile {
  readonly name: string;
  readonly digest: string;
  readonly compression: string;
}

/**
 * The files of a source as they came: archives whole. Corrections were read last, in their order.
 * @param reported the files of the source's report
 * @param corrections paths of files that were handed in
 */
export function landedFiles(
  lake: Lake,
  reported: readonly ReportedFile[],
  corrections: readonly string[],
): LandedFile[] {
  const files: LandedFile[] = [];
  for (const { name, digest, compression } of reported) {
    const own = compression === 'zip' ? archiveOf(name) : name;
    const last = files.at(-1);
    if (compression === 'zip' && last?.name === own && last.digest === digest) continue;
    files.push({ name: own, digest, landing: lake.uriOf(landingKey(digest)), origin: 'own' });
  }
  const handedIn = files.splice(files.length - corrections.length, corrections.length);
  return [
    ...files,
    // They may have been told apart from a file of the same name.
    ...handedIn.map((file, index) => ({
      ...file,
      name: baseName(corrections[index] ?? ''),
      origin: 'correction' as const,
    })),
  ];
}

/** `archive.zip` of `archive.zip!orders.csv`. */
function archiveOf(name: string): string {
  return /^(.*?\.zip)!/i.exec(name)?.[1] ?? name.slice(0, name.indexOf('!'));
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
