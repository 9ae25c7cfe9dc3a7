import { execa } from 'execa';
import { existsSync, mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepScratchFolders, withScratchFolder } from '../../activities/scratch-folder.ts';

test('a scratch folder goes with its use, also when that fails', async () => {
  let seen = '';
  await expect(
    withScratchFolder(async (folder) => {
      seen = folder;
      await writeFile(join(folder, 'x'), 'x');
      throw new Error('stopped');
    }),
  ).rejects.toThrow('stopped');
  expect(seen).not.toBe('');
  expect(existsSync(seen)).toBe(false);
});

test('what a killed process left is swept, what is in use stays', async () => {
  const { stdout: deadPid } = await execa('node', ['-p', 'process.pid']);
  const left = mkdtempSync(join(tmpdir(), `acequia-scratch-${deadPid}-`));
  await withScratchFolder(async (folder) => {
    await sweepScratchFolders();
    expect(existsSync(left)).toBe(false);
    expect(existsSync(folder)).toBe(true);
  });
});
