import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findFiles } from '../../../activities/files/find-files.ts';
import type { FoundFiles } from '../../../activities/files/source-file.ts';
import { expectUnchanged } from '../../../activities/files/found-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { failing } from '../ingest/files/failing.ts';

async function folderOf(...names: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), `a\n${name}\n`);
  }
  return folder;
}

const names = (found: FoundFiles): string[] => found.files.map(({ name }) => name);
const refusals = (found: FoundFiles): unknown[] => found.refused.map(({ name, error }) => [name, error.type]);

test('one file: its path, name, size, time and inode', async () => {
  const folder = await folderOf('in.csv');
  await utimes(join(folder, 'in.csv'), 100, 200);
  const found = await findFiles('in.csv', { base: folder });
  expect(found.files).toEqual([
    {
      path: join(folder, 'in.csv'),
      name: 'in.csv',
      bytes: 9,
      modifiedMs: 200_000,
      inode: expect.any(Number) as unknown,
    },
  ]);
  expect(await findFiles(join(folder, 'in.csv'))).toEqual(found);
});

test('a missing one names the closest', async () => {
  const folder = await folderOf('ventas.csv');
  await expect(findFiles('venats.csv', { base: folder })).rejects.toEqual(
    failing('SourceMissing', 'venats\\.csv', 'Did you mean "ventas\\.csv"', folder),
  );
  await expect(findFiles(join(folder, 'no', 'x.csv'))).rejects.toEqual(failing('SourceMissing', 'no folder .*no'));
  await expect(findFiles(join(folder, 'ventas.csv', 'x'))).rejects.toEqual(failing('SourceMissing'));
});

test('a folder: all files in it and below, by name, without what other programs keep there', async () => {
  const folder = await folderOf(
    'b.csv',
    'a.csv',
    'sub/c.csv',
    'sub/deep/d.csv',
    '.hidden.csv',
    '.git/e.csv',
    '_temporary/f.csv',
    '_SUCCESS',
    'g.csv.part',
  );
  const found = await findFiles(folder);
  expect(names(found)).toEqual(['a.csv', 'b.csv', 'sub/c.csv', 'sub/deep/d.csv']);
  expect(found.leftOut).toEqual(['_SUCCESS', '_temporary/f.csv', 'g.csv.part']);
  expect(names(await findFiles('sub/', { root: folder }))).toEqual(['sub/c.csv', 'sub/deep/d.csv']);
});

test('globs', async () => {
  const folder = await folderOf('a.jsonl.gz', 'b.jsonl', 's/c.jsonl.gz', 's/t/d.jsonl.gz', '_w/e.jsonl.gz', 'x/1.csv');
  const found = async (glob: string): Promise<string[]> => names(await findFiles(join(folder, glob)));
  expect(await found('*.jsonl.gz')).toEqual(['a.jsonl.gz']);
  expect(await found('**/*.jsonl.gz')).toEqual(['a.jsonl.gz', 's/c.jsonl.gz', 's/t/d.jsonl.gz']);
  expect(await found('s/**/*.gz')).toEqual(['c.jsonl.gz', 't/d.jsonl.gz']);
  expect(await found('{s,x}/*')).toEqual(['s/c.jsonl.gz', 'x/1.csv']);
  expect(await found('{s/t,x}/*')).toEqual(['s/t/d.jsonl.gz', 'x/1.csv']);
  expect(await found('_*/*.gz')).toEqual(['_w/e.jsonl.gz']);
  expect(await found('?.jsonl*')).toEqual(['a.jsonl.gz', 'b.jsonl']);
  await expect(found('*.parquet')).rejects.toEqual(failing('SourceMissing', 'No file matches', '"a\\.jsonl\\.gz"'));
  await expect(found('nowhere/*.csv')).rejects.toEqual(failing('SourceMissing', 'There is no folder'));
});

test('names with glob characters that exist are taken as they are', async () => {
  const folder = await folderOf('a[1].csv', 'a1.csv', 'new (2)/b.csv', 'what?.csv');
  const found = async (path: string): Promise<string[]> => names(await findFiles(join(folder, path)));
  expect(await found('a[1].csv')).toEqual(['a[1].csv']);
  expect(await found('what?.csv')).toEqual(['what?.csv']);
  expect(await found('new (2)')).toEqual(['b.csv']);
  expect(await found('new (2)/*.csv')).toEqual(['b.csv']);
});

test('an empty folder, and one with nothing but what is left out', async () => {
  const folder = await folderOf('_x.csv');
  await mkdir(join(folder, 'empty'));
  await expect(findFiles(join(folder, 'empty'))).rejects.toEqual(failing('SourceMissing', 'holds no files'));
  await expect(findFiles(folder)).rejects.toEqual(failing('SourceMissing', 'Left out: _x\\.csv'));
});

test('links: inside the root they are followed, out of it refused, and the others are read', async () => {
  const folder = await folderOf('in/real.csv', 'in/sub/x.csv', 'out/secret.csv', 'outside.csv');
  const at = (name: string): string => join(folder, 'in', name);
  await symlink(at('real.csv'), at('inside.csv'));
  await symlink('../outside.csv', at('leak.csv'));
  await symlink(join(folder, 'out'), at('folder'));
  await symlink(at('gone.csv'), at('dangling.csv'));
  await symlink(at('loop.csv'), at('loop.csv'));
  for (const path of [join(folder, 'in'), join(folder, 'in', '**', '*.csv')]) {
    const found = await findFiles(path);
    expect(names(found)).toEqual(['inside.csv', 'real.csv', 'sub/x.csv']);
    expect(refusals(found)).toEqual([
      ['dangling.csv', 'SourceMissing'],
      ['leak.csv', 'SourceRefused'],
      ['loop.csv', 'SourceUnreadable'],
    ]);
  }
  expect((await findFiles(join(folder, 'in'))).leftOut).toEqual(['folder']);
  expect(refusals(await findFiles(at('leak.csv')))).toEqual([['leak.csv', 'SourceRefused']]);
  expect(names(await findFiles('in/leak.csv', { root: folder }))).toEqual(['in/leak.csv']);
  expect(refusals(await findFiles('../outside.csv', { root: join(folder, 'in') }))).toEqual([
    ['../outside.csv', 'SourceRefused'],
  ]);
  // A link on the way to the root is the root.
  await symlink(join(folder, 'in'), join(folder, 'alias'));
  expect(names(await findFiles(join(folder, 'alias')))).toEqual(['inside.csv', 'real.csv', 'sub/x.csv']);
});

test('what is no regular file, or empty, costs itself only', async () => {
  const folder = await folderOf('a.csv');
  await promisify(execFile)('mkfifo', [join(folder, 'pipe.csv')]);
  await writeFile(join(folder, 'zero.csv'), '');
  const found = await findFiles(join(folder, '*'));
  expect(names(found)).toEqual(['a.csv']);
  expect(refusals(found)).toEqual([
    ['pipe.csv', 'SourceWrongType'],
    ['zero.csv', 'SourceEmpty'],
  ]);
  expect(refusals(await findFiles(join(folder, 'pipe.csv')))).toEqual([['pipe.csv', 'SourceWrongType']]);
});

test('what may not be read is told: a file, and a folder with who knows what in it', async () => {
  const folder = await folderOf('a.csv', 'b.csv', 'closed/c.csv');
  await chmod(folder, 0o755);
  await chmod(join(folder, 'b.csv'), 0o000);
  await chmod(join(folder, 'closed'), 0o000);
  const found = await asNobody(() => findFiles(folder));
  await chmod(join(folder, 'closed'), 0o700);
  expect(names(found)).toEqual(['a.csv']);
  expect(refusals(found)).toEqual([
    ['b.csv', 'SourceUnreadable'],
    ['closed', 'SourceUnreadable'],
  ]);
});

test('a file that changes is noticed', async () => {
  const folder = await folderOf('a.csv');
  const [file] = (await findFiles(join(folder, 'a.csv'))).files;
  await expectUnchanged(file!.path, file!, 8);
  await expect(expectUnchanged(file!.path, file!, 7)).rejects.toEqual(failing('SourceChanging'));
  await appendFile(file!.path, 'x');
  await expect(expectUnchanged(file!.path, file!, 8)).rejects.toEqual(failing('SourceChanging', '8 bytes', '9 bytes'));
  await rm(file!.path);
  await expect(expectUnchanged(file!.path, file!, 8)).rejects.toEqual(failing('SourceMissing'));
});

/** Who is root may read everything. */
async function asNobody<Result>(use: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return use();
  process.seteuid?.(65_534);
  try {
    return await use();
  } finally {
    process.seteuid?.(0);
  }
}
