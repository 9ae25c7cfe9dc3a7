import type { SourceFile } from '../../files/source-file.ts';
import type { Lake, Landing } from '../../lake/lake.ts';
import type { Work } from '../../progress.ts';
import { sideBySide } from '../../side-by-side.ts';
import { landFile } from './land-file.ts';

/** Files that are on their way at the same time: what waits for a network or a disk lets others go on. */
const AT_A_TIME = 4;

/** What became of one file. */
export type LandedOrNot = { readonly landing: Landing } | { readonly error: unknown };

/**
 * Lands files, some at a time; gives what became of each, in their order. Once one has failed in a way that `goesOn` does not
 * pass over, no other is begun.
 * @param folder a scratch folder for copies
 */
export async function landFiles(
  files: readonly SourceFile[],
  lake: Lake,
  { work, folder, goesOn }: { work: Work; folder: string; goesOn: (error: unknown) => boolean },
): Promise<(LandedOrNot | undefined)[]> {
  const results: (LandedOrNot | undefined)[] = files.map(() => undefined);
  const tell = progressOf(files, work);
  await sideBySide(files, AT_A_TIME, work.signal, async (file, index, signal) => {
    try {
      const onBytes = (step: Step, bytes: number): void => tell(index, step, bytes);
      results[index] = { landing: await landFile(file, lake, { folder, signal, onBytes }) };
    } catch (error) {
      // What was only stopped has not failed.
      signal.throwIfAborted();
      results[index] = { error };
      if (!goesOn(error)) throw error;
    }
  }).catch(() => undefined);
  return results;
}

type Step = 'downloading' | 'landing';

/** How many bytes of all files have come so far. */
function progressOf(files: readonly SourceFile[], work: Work): (index: number, step: Step, bytes: number) => void {
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const soFar = { downloading: files.map(() => 0), landing: files.map(() => 0) };
  const sums = { downloading: 0, landing: 0 };
  return (index, step, bytes) => {
    sums[step] += bytes - soFar[step][index]!;
    soFar[step][index] = bytes;
    work.report({ step, bytes: sums[step], totalBytes });
  };
}
