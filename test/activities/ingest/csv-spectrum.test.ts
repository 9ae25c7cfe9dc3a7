import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { loadFile } from './load-file.ts';
import { asTexts } from './written/written-file.ts';

const FOLDER = join(import.meta.dirname, '../../../node_modules/csv-spectrum');
const names = (await readdir(join(FOLDER, 'csvs'))).map((file) => file.replace(/\.csv$/, ''));

/** Where the suite's answer is not what its file holds: each is explained, and must be needed. */
const EXCEPTIONS: readonly { readonly name: string; readonly says: string; readonly holds: string }[] = [
  // The answer has another telephone number than the file, which is a slip of the suite.
  { name: 'location_coordinates', says: '1234567890', holds: '2095257564' },
];

/** The suite's own answer: a list of records, or the one record. */
async function expected(name: string): Promise<{ fields: string[]; rows: string[][] }> {
  const json: unknown = JSON.parse(await readFile(join(FOLDER, 'json', `${name}.json`), 'utf8'));
  const records = [json].flat() as Record<string, string>[];
  const exception = EXCEPTIONS.find((known) => known.name === name);
  const corrected = (text: string): string => (text === exception?.says ? exception.holds : text);
  return {
    fields: Object.keys(records[0] ?? {}),
    rows: records.map((record) => Object.values(record).map(corrected)),
  };
}

test('the suite is there, and every exception is needed', async () => {
  expect(names).toHaveLength(12);
  for (const { name, says, holds } of EXCEPTIONS) {
    const file = await readFile(join(FOLDER, 'csvs', `${name}.csv`), 'utf8');
    expect([file.includes(says), file.includes(holds)]).toEqual([false, true]);
    expect(await readFile(join(FOLDER, 'json', `${name}.json`), 'utf8')).toContain(says);
  }
});

test.each(names)('csv-spectrum, %s: every cell is as the suite says, with nothing declared', async (name) => {
  const { fields, rows } = await expected(name);
  const bytes = await readFile(join(FOLDER, 'csvs', `${name}.csv`));
  const loaded = await loadFile(await temporaryFolder(), 'in.csv', bytes);
  expect(loaded.columns.map(({ field }) => field)).toEqual(fields);
  expect(loaded.result).toMatchObject({ staged: rows.length, quarantined: 0 });
  expect(loaded.rows).toEqual(
    rows.map((row) =>
      row.map((text, index) => (text === '' && loaded.columns[index]?.type === 'BIGINT' ? null : text)),
    ),
  );
});

test.each(names)('csv-spectrum, %s: every cell is the same text, declared as one', async (name) => {
  const { fields, rows } = await expected(name);
  const bytes = await readFile(join(FOLDER, 'csvs', `${name}.csv`));
  const columns = asTexts({ fields, rows });
  const loaded = await loadFile(await temporaryFolder(), 'in.csv', bytes, { columns });
  expect(loaded.rows).toEqual(rows);
});
