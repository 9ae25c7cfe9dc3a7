import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { correctionNotes } from '../../../../client/cli/quarantine/correction-notes.ts';
import { exportQuarantine } from '../../../../client/cli/quarantine/export.ts';
import { digestAside, putCorrectionAside } from '../../../../client/cli/quarantine/put-correction-aside.ts';
import { showQuarantine } from '../../../../client/cli/quarantine/show.ts';
import { readReports } from '../../../../client/cli/runs/source-reports.ts';
import { resolveEnvironment } from '../../../../infra/settings/environment-settings.ts';
import type { Correction } from '../../../../workflows/definition/index.ts';
import { receiptTable } from '../../../support/receipt-table.ts';
import { said } from '../../../support/said.ts';
import { fileReport, storeRun, type Quarantined } from '../../../support/stored-run.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** What is told of a run that took corrected rows in. */

const HEAD = '_file,_line,_offset,_reason,_record,id,day';
const CAFE: Quarantined = { line: 3, reason: 'día: unreadable date', record: '1,soon,"café\nsolo"' };
const MORE: Quarantined = { line: 9, reason: 'día: unreadable date', record: '2,later' };
const STILL: Quarantined = { file: 'fix.csv', line: 2, reason: 'día: unreadable date', record: '1,son' };

let home: string;

beforeEach(async () => {
  home = await temporaryFolder();
  mkdirSync(join(home, 'typed'));
});

function handIn(name: string, bytes: Buffer | string): Promise<Correction> {
  writeFileSync(join(home, 'typed', name), bytes);
  return putCorrectionAside(join(home, 'typed', name), { folder: join(home, 'dev') });
}

async function replayed(corrections: readonly Correction[], quarantined: readonly Quarantined[], published = true) {
  const files = corrections.map(({ path }) => {
    return fileReport(path.split('/').at(-1) ?? '', { digest: digestAside(path), read: 1 });
  });
  const destination = published ? 'x.db' : null;
  return storeRun(
    join(home, 'dev', 'lake'),
    { options: { corrections: { orders: corrections } } },
    [{ name: 'orders', report: { files: [fileReport('orders.csv'), ...files] }, quarantined }],
    { tables: [receiptTable({ destination, source: 'orders', rows: 1, inserted: 1 })] },
  );
}

async function notes(receipt: Awaited<ReturnType<typeof replayed>>): Promise<string[]> {
  const { lake } = resolveEnvironment('dev', { ACEQUIA_HOME: home });
  return correctionNotes(receipt, await readReports(receipt, lake), lake, home);
}

const write = (file: string) =>
  said(home, () => exportQuarantine({ run: 'latest', source: undefined, file, environment: 'dev', folder: home }));
const lines = (file: string) => readFileSync(join(home, file), 'utf8').trimEnd().split('\n').slice(1);

const asSpreadsheet = (text: string, encoding: BufferEncoding) =>
  Buffer.from(text.replaceAll(',', ';').replaceAll('\n', '\r\n'), encoding);

test.each([
  ['as it was exported', Buffer.from(`${HEAD}\norders.csv,3,30,día: x,"1,soon,""café\nsolo""",1,son\n`)],
  [
    'by a spreadsheet that writes semicolons and windows-1252',
    asSpreadsheet(`${HEAD}\norders.csv,3,30,día: x,"1;soon;""café\nsolo""",1,son\n`, 'latin1'),
  ],
  [
    'with places and cells missing, too many or very long',
    `${HEAD}\nshort\n,,,,,1,x\norders.csv,3,30,r,"1,soon,""café solo""",1,${'x'.repeat(3e6)},,\n`,
  ],
])('a row that was corrected is told from those that were not: %s', async (_, bytes) => {
  const spreadsheet = String(bytes).includes(';');
  const cafe = spreadsheet ? { ...CAFE, record: CAFE.record?.replaceAll(',', ';') ?? null } : CAFE;
  const receipt = await replayed([await handIn('fix.csv', bytes)], [cafe, MORE, STILL]);
  expect(await notes(receipt)).toEqual([
    'corrected    fix.csv: 0 of 1 row good, 1 still bad',
    'left         2 rows to correct: npm run acequia -- quarantine export 1a2b3c4d --source=orders orders.bad.csv',
    '             1 row in quarantine has been replayed, and is as it was before',
    'the source   orders.csv is as it was: mend it, too, as the next run without a replay reads it alone',
  ]);
  expect((await write('left.csv')).text).toContain('2 rows of orders');
  expect(lines('left.csv')).toEqual([expect.stringMatching(/^fix\.csv,2,/), expect.stringMatching(/^orders\.csv,9,/)]);
  const look = { run: 'latest', source: undefined, limit: undefined, environment: 'dev', folder: home };
  const { text } = await said(home, () => showQuarantine({ ...look, json: true }));
  expect((JSON.parse(text) as { rows: unknown[] }).rows).toMatchObject([
    { file: 'fix.csv', replayed: false },
    { line: 9, replayed: false },
    { line: 3, replayed: true },
  ]);
});

test('a row of the same place that is another one now is not taken for corrected', async () => {
  const corrections = [await handIn('fix.csv', `${HEAD}\norders.csv,9,90,r,"2,earlier",2,x\n`)];
  expect(await notes(await replayed(corrections, [MORE]))).toContainEqual(expect.stringMatching(/^left {9}1 row to/));
});

test('where all are corrected there is nothing to export, and where nothing was published nothing is said of the source', async () => {
  const corrections = [await handIn('fix.csv', `${HEAD}\norders.csv,9,90,r,"2,later",2,x\n`)];
  expect(await notes(await replayed(corrections, [MORE], false))).toEqual([
    'corrected    fix.csv: 1 of 1 row good',
    'left         nothing to correct: 1 row in quarantine has been replayed, and is as it was before',
  ]);
  await expect(write('none.csv')).rejects.toMatchObject({ exitCode: 2 });
});

test('a file that names no rows: nobody can tell them apart, and that is said', async () => {
  const receipt = await replayed([await handIn('fix.jsonl', '{"id":1}\n')], [CAFE]);
  expect(await notes(receipt)).toContainEqual('left         1 row in quarantine; some may have been replayed');
  expect((await write('left.csv')).text).toContain(
    'rows that fix.jsonl has corrected may be among them: take those out, or they are loaded twice',
  );
});
