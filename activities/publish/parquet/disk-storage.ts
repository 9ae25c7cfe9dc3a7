import { carryOut, finishCommit } from './commit.ts';
import type { FileStorage } from './file-storage.ts';
import { folderOf } from './layout.ts';

/** Files on this machine's disk. What is left aside is removed with the table that it is of. */
export function openDiskStorage(path: string): FileStorage {
  const folder = folderOf(path);
  return {
    path,
    fetch: () => Promise.resolve(),
    named: (text) => text,
    finish: () => finishCommit(folder),
    carryOut: (commits, _, tell) =>
      carryOut(
        folder,
        {
          moves: commits.flatMap(({ moves }) => moves),
          removes: commits.flatMap(({ removes }) => removes),
        },
        tell,
      ),
  };
}
