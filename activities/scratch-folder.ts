import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processRuns } from '../infra/process-runs.ts';

const PREFIX = 'acequia-scratch-';

/**
 * Gives `use` a folder of its own in the system's temporary folder and removes it afterwards. The folder is named after
 * this process, so that what a killed one left behind can be told from what is in use.
 */
export async function withScratchFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes the folders of processes that are no more. */
export async function sweepScratchFolders(): Promise<void> {
  const names = await readdir(tmpdir());
  const left = names.filter(
    (name) => name.startsWith(PREFIX) && !processRuns(Number(name.slice(PREFIX.length).split('-')[0])),
  );
  await Promise.all(left.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })));
}
