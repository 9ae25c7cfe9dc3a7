import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { exportQuarantine } from '../../../../client/cli/quarantine/export.ts';
import { said } from '../../../support/said.ts';
import { column, fileReport, storeRun, type StoredSource } from '../../../support/stored-run.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

let home: string;

beforeEach(async () => {
  home = await temporaryFolder();
});

const store = (sources: readonly StoredSource[]) => storeRun(join(home, 'dev', 'lake'), {}, sources);
const write = (file: string, source?: string) =>
  said(home, () => exportQuarantine({ run: 'latest', source, file, environment: 'dev', folder: home }));

const orders: StoredSource = {
  name: 'orders',
  report: {
    tables: [
      {
        name: 'orders',
        list: '',
        columns: [column('id', 'integer'), column('día', 'date'), column('note/~x', 'text')],
      },
    ],
  },
  quarantined: [
    {
      line: 9,
      reason: 'día: unreadable date',
      record: '2,soon,"a ""b"",\nc"',
      cells: { id: '2', día: 'soon', 'note/~x': 'a "b",\nc' },
    },
    { line: 4, reason: '2 fields where 3 are expected', record: '1,2025', cells: null },
    { line: 5, reason: 'id: blank', record: ',2025-01-01,""', cells: { id: null, día: '2025-01-01', 'note/~x': '' } },
    { line: 6, reason: 'note: left out', record: '7,2025-01-01,x', cells: { id: '7' }, kept: true },
  ],
};

test('CSV: where each record stood and why, then its cells in the order of the table; loaded rows are not among them', async () => {
  await store([orders]);
  const { code, text } = await write('fix.csv');
  expect(code).toBe(0);
  expect(readFileSync(join(home, 'fix.csv'), 'utf8')).toBe(
    [
      '_file,_line,_offset,_reason,_record,id,día,note/~x',
      'orders.csv,4,40,2 fields where 3 are expected,"1,2025",,,',
      'orders.csv,5,50,id: blank,",2025-01-01,""""",,2025-01-01,""',
      'orders.csv,9,90,día: unreadable date,"2,soon,""a """"b"""",\nc""",2,soon,"a ""b"",\nc"',
      '',
    ].join('\n'),
  );
  expect(text).toContain(`3 rows of orders in ${join(home, 'fix.csv')}`);
  expect(text).toContain('npm run acequia -- quarantine replay 1a2b3c4d --source=orders fix.csv');
  expect(readdirSync(home)).toEqual(['dev', 'fix.csv']);
});

test('JSON Lines: each record on a line of its own; what quarantine holds in part is left out, and told', async () => {
  const pretty = '{\n  "id": 1.0,\r\n  "text": "a\\nb \u0001"\n}';
  await store([
    {
      name: 'events',
      report: { files: [fileReport('events.json', { format: 'json' })] },
      quarantined: [
        { line: 1, reason: 'id: unreadable integer', record: pretty },
        { line: 8, reason: 'not JSON', record: '{"id": ' },
        { line: 9, reason: 'id: unreadable integer', record: `{"id": "${'x'.repeat(70_000)}`.slice(0, 65_536) },
      ],
    },
  ]);
  const { code, text } = await write('fix.jsonl');
  expect(code).toBe(1);
  expect(readFileSync(join(home, 'fix.jsonl'), 'utf8')).toBe('{   "id": 1.0,   "text": "a\\nb \u0001" }\n{"id": \n');
  expect(text).toContain('2 rows of events');
  expect(text).toContain('1 record longer than 64 KB is not among them');
});

test.each([
  ['fix.jsonl', undefined, /written as CSV/],
  ['fix', undefined, /written as CSV/],
  ['there.csv', undefined, /is there already/],
  ['fix.csv', 'ordres', /No row of a source "ordres"/],
])('%s %s is refused, and nothing is written', async (file, source, message) => {
  await store([orders]);
  writeFileSync(join(home, 'there.csv'), 'mine');
  await expect(write(file, source)).rejects.toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) as string }),
  );
  expect(readdirSync(home)).toEqual(['dev', 'there.csv']);
  expect(readFileSync(join(home, 'there.csv'), 'utf8')).toBe('mine');
});

test('of several sources one must be named', async () => {
  await store([orders, { ...orders, name: 'others' }]);
  await expect(write('fix.csv')).rejects.toThrow(
    /2 sources of shop have quarantined rows: orders, others[^]*--source=orders/,
  );
  expect((await write('fix.csv', 'others')).code).toBe(0);
});

test('a folder that is not there', async () => {
  await store([orders]);
  await expect(write('no/where/fix.csv')).rejects.toThrow();
  expect(readdirSync(home)).toEqual(['dev']);
});
