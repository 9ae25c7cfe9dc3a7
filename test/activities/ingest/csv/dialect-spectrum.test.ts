import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { detectDialect } from '../../../../activities/ingest/csv/detect-dialect.ts';

const FOLDER = join(import.meta.dirname, '../../../../node_modules/csv-spectrum');
const names = (await readdir(join(FOLDER, 'csvs'))).map((file) => file.replace(/\.csv$/, ''));

test.each(names)('csv-spectrum: %s has the header that the suite says', async (name) => {
  const rows = JSON.parse(await readFile(join(FOLDER, 'json', `${name}.json`), 'utf8')) as object | object[];
  const { dialect } = await detectDialect(join(FOLDER, 'csvs', `${name}.csv`), {}, new AbortController().signal);
  expect(dialect).toMatchObject({
    header: true,
    names: Object.keys([rows].flat()[0] ?? {}),
    comment: '',
    startLine: 1,
  });
});
