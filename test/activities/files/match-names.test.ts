import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findFiles } from '../../../activities/files/find-files.ts';
import { matchNames } from '../../../activities/files/match-names.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NAMES = [
  ...['a.csv', 'b.txt', '_w.csv', 'c.csv.part', 'x[1].csv', 'data (old)/e.csv', 'data (old)/f.txt'],
  ...['sub/c.csv', 'sub/deep/d.csv', 'sub/_tmp/g.csv', 'ñ/h.csv'],
];

test.each([
  ...['*.csv', '.', 'sub', 'sub/', '**/*.csv', 'a.csv', 'none.csv', '_*.csv', 'sub/**/*.csv', 'data (old)/*.csv'],
  ...['*.{csv,txt}', 's*/*.csv', 'x[1].csv', '?.csv', '*.part', 'ñ/*', 'sub/_tmp/*.csv', 'nowhere/*.csv'],
])('names match %s as the files of that name would be found', async (pattern) => {
  const folder = await temporaryFolder();
  for (const name of NAMES) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), 'a\n1\n');
  }
  const found = await findFiles(join(folder, pattern), { root: folder }).then(
    ({ files }) => files.map(({ name }) => name),
    () => [],
  );
  expect((await matchNames(pattern, NAMES)).sort()).toEqual([...found].sort());
});
