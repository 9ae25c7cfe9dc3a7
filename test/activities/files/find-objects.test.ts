import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AcequiaError } from '../../../activities/failure/acequia-error.ts';
import { findFiles } from '../../../activities/files/find-files.ts';
import { findObjects } from '../../../activities/files/find-objects.ts';
import type { FoundFiles } from '../../../activities/files/source-file.ts';
import type { ObjectStore } from '../../../activities/objects/object-store.ts';
import { openObjects } from '../../../activities/objects/open-objects.ts';
import { startGcs, startS3, useSettings } from '../../support/object-servers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const signal = new AbortController().signal;
const [s3, gcs] = [await startS3(), await startGcs()];
let folder: string;

const NAMES = [
  ...['a.csv', 'b.txt', '_w.csv', 'c.csv.part', 'x[1].csv', 'data (old)/e.csv', 'data (old)/f.txt', '.hidden.csv'],
  ...['sub/c.csv', 'sub/deep/d.csv', 'sub/_tmp/g.csv', 'ñ/h.csv', 'sub/.git/i.csv', '100% #1+2.csv'],
];
const PATTERNS = [
  ...['*.csv', '.', 'sub', 'sub/', '**/*.csv', 'a.csv', 'none.csv', '_*.csv', 'sub/**/*.csv', 'data (old)/*.csv'],
  ...['*.{csv,txt}', 's*/*.csv', 'x[1].csv', '?.csv', '*.part', 'ñ/*', 'sub/_tmp/*.csv', 'nowhere/*.csv', 'nowhere/'],
  '100% #1+2.csv',
];

beforeAll(async () => {
  useSettings({ ...s3.environment, ...gcs.environment });
  folder = await mkdtemp(join(tmpdir(), 'acequia-find-'));
  await s3.makeBucket('find');
  await gcs.makeBucket('find');
  for (const name of NAMES) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), 'a\n1\n');
  }
  for (const url of ['s3://find/', 'gs://find/']) {
    const { store } = await openObjects(url);
    for (const name of NAMES) await store.write(`in/${name}`, 'a\n1\n', signal);
    await store.write('inside/other.csv', 'a\n1\n', signal);
    store.close();
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const names = ({ files }: FoundFiles): string[] => files.map(({ name }) => name);
const orNothing = (finding: Promise<FoundFiles>): Promise<readonly string[] | string> =>
  finding.then(
    (found) => {
      found.close();
      return [...names(found), 'left out:', ...found.leftOut];
    },
    (error: unknown) => (error instanceof AcequiaError ? error.type : String(error)),
  );

describe.each(['s3://find', 'gs://find'])('%s', (root) => {
  test.each(PATTERNS)('%s finds what it would find on a disk, and leaves out the same', async (pattern) => {
    const onDisk = await orNothing(findFiles(join(folder, pattern), { root: folder }));
    const written = pattern === '.' ? `${root}/in/` : `${root}/in/${pattern}`;
    expect(await orNothing(findObjects(written, { root: `${root}/in`, signal }))).toEqual(onDisk);
  });

  test('names start at the folder of the fixed part, and paths say where objects lie', async () => {
    const found = await findObjects(`${root}/in/sub/**/d.*`, { signal });
    expect(found.files.map(({ name, path, bytes }) => ({ name, path, bytes }))).toEqual([
      { name: 'deep/d.csv', path: `${root}/in/sub/deep/d.csv`, bytes: 4 },
    ]);
    found.close();
  });

  test('a missing one names the closest, and what is there', async () => {
    await expect(findObjects(`${root}/in/sub/cc.csv`, { signal })).rejects.toMatchObject({
      type: 'SourceMissing',
      what: 'The object cc.csv does not exist. Did you mean "c.csv"?',
      where: `${root}/in/sub/cc.csv`,
      why: `${root}/in/sub/ holds "_tmp", "c.csv", "deep".`,
    });
    await expect(findObjects(`${root}/in/*.cvs`, { signal })).rejects.toMatchObject({
      type: 'SourceMissing',
      what: expect.stringContaining('No object matches *.cvs.') as string,
    });
    await expect(findObjects(`${root}/nowhere/`, { signal })).rejects.toMatchObject({
      type: 'SourceMissing',
      why: `${root}/nowhere/ holds nothing.`,
    });
  });
});

describe('what only a bucket can hold', () => {
  let store: ObjectStore;
  beforeAll(async () => {
    ({ store } = await openObjects('gs://find/'));
    for (const key of ['../x.csv', 'b//c.csv', 'd/../../e.csv', 'both', 'both/f.csv', 'good.csv']) {
      await store.write(`odd/${key}`, key, signal);
    }
    await store.write('odd/folder/', '', signal);
    await store.write('odd/empty.csv', '', signal);
  });
  afterAll(() => store.close());

  test('names that climb and objects without bytes are refused and named; markers of folders are none', async () => {
    const found = await findObjects('gs://find/odd/', { signal });
    expect(names(found)).toEqual(['both', 'both/f.csv', 'good.csv']);
    expect(found.refused.map(({ name, error }) => [name, error.type])).toEqual([
      ['../x.csv', 'SourceRefused'],
      ['b//c.csv', 'SourceRefused'],
      ['d/../../e.csv', 'SourceRefused'],
      ['empty.csv', 'SourceEmpty'],
    ]);
    found.close();
  });

  test('one that is named itself is taken, and comes down into the folder that is given and nowhere else', async () => {
    const found = await findObjects('gs://find/odd/../x.csv', { signal });
    const scratch = await temporaryFolder();
    const path = await found.files[0]!.fetch(scratch, { signal, onBytes: () => undefined });
    expect(dirname(path)).toBe(scratch);
    expect(await readFile(path, 'utf8')).toBe('../x.csv');
    found.close();
  });

  test('one that is written anew after it was found is changing', async () => {
    const found = await findObjects('gs://find/odd/good.csv', { signal });
    await store.write('odd/good.csv', 'other', signal);
    const fetched = found.files[0]!.fetch(await temporaryFolder(), { signal, onBytes: () => undefined });
    await expect(fetched).rejects.toMatchObject({ type: 'SourceChanging', where: 'gs://find/odd/good.csv' });
    found.close();
  });
});
