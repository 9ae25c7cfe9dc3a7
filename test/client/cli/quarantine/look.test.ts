import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { exportQuarantine } from '../../../../client/cli/quarantine/export.ts';
import { listQuarantine } from '../../../../client/cli/quarantine/list.ts';
import { showQuarantine } from '../../../../client/cli/quarantine/show.ts';
import { said } from '../../../support/said.ts';
import { fileReport, RUN_ID, storeRun } from '../../../support/stored-run.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

let home: string;

beforeEach(async () => {
  home = await temporaryFolder();
  await storeRun(join(home, 'dev', 'lake'), { pipeline: 'clean', runId: '1-11112222' }, [
    { name: 'quiet', report: {} },
  ]);
  await storeRun(join(home, 'dev', 'lake'), { pipeline: 'shop' }, [
    {
      name: 'orders',
      report: {},
      quarantined: [
        {
          line: 7,
          offset: 1_034,
          column: 'day',
          value: '31/02/2025',
          expected: 'date like DD/MM/YYYY',
          reason: 'day: unreadable date',
        },
        { line: 3, reason: '2 fields where 3 are expected', record: 'a,\u001b[31mb' },
        { line: 5, column: 'note', value: 'x', expected: 'integer', reason: 'note: unreadable integer', kept: true },
      ],
    },
    {
      name: 'customers',
      report: {},
      quarantined: [{ line: 2, value: '', reason: 'id: blank where a value is required' }],
    },
    { name: 'products', report: {} },
  ]);
});

const look = { environment: 'dev', json: false, source: undefined, limit: undefined, folder: '/nowhere' };

test('list: the runs, sources and reasons, and what to type next', async () => {
  const { code, text } = await said(home, () =>
    listQuarantine({ pipeline: undefined, environment: 'dev', json: false }),
  );
  expect(code).toBe(0);
  expect(text).toContain(
    '│ 1a2b3c4d │ 2025-01-01 10:00:00 │ shop     │ orders    │    2 │ 1 × value left out, 1 × day: unreadable date,',
  );
  expect(text).toContain('1 × value left out');
  expect(text).toContain('│ customers │    1 │');
  expect(text).not.toMatch(/quiet|products/);
  expect(text).toMatch(/next: {2}npm run acequia -- quarantine show 1a2b3c4d\n$/);
  const { text: json } = await said(home, () => listQuarantine({ pipeline: 'shop', environment: 'dev', json: true }));
  expect(JSON.parse(json)).toMatchObject([
    { runId: RUN_ID, pipeline: 'shop', source: 'orders', quarantined: 2, discarded: 1 },
    { source: 'customers', quarantined: 1 },
  ]);
});

test('list: of a pipeline with nothing in quarantine, and of none', async () => {
  const of = (pipeline: string) => said(home, () => listQuarantine({ pipeline, environment: 'dev', json: false }));
  expect(await of('clean')).toEqual({ code: 0, text: 'nothing is in quarantine of clean\n' });
  await expect(of('shpo')).rejects.toThrow(/Did you mean "shop"/);
});

test('show: place, reason, value and what was expected; what a terminal would obey is shown', async () => {
  const { text } = await said(home, () => showQuarantine({ ...look, run: RUN_ID }));
  expect(text).toBe(
    [
      `shop, run ${RUN_ID}, started 2025-01-01T10:00:00.000Z`,
      'orders: 2 rows, 1 value left out of rows that were kept',
      '  orders.csv:3 (byte 30)  2 fields where 3 are expected; read "a,\\u001b[31mb"',
      '  orders.csv:5 (byte 50)  note: unreadable integer; read "x"; expected integer; the rest of the row is loaded',
      '  orders.csv:7 (byte 1,034)  day: unreadable date; read "31/02/2025"; expected date like DD/MM/YYYY',
      'customers: 1 row',
      '  customers.csv:2 (byte 20)  id: blank where a value is required; read ""',
      'next:  npm run acequia -- quarantine export 1a2b3c4d --source=orders orders.bad.csv   writes them to a file to correct',
      '',
    ].join('\n'),
  );
});

test('show: what it says to type next is how the records are written, in a file that is not there yet', async () => {
  await storeRun(join(home, 'dev', 'lake'), { pipeline: 'events', runId: '2-33334444' }, [
    {
      name: 'j',
      report: { files: [fileReport('j.jsonl', { format: 'jsonl' })] },
      quarantined: [{ line: 2, reason: 'id: blank', record: '{"id":null}' }],
    },
  ]);
  const next = async () => {
    const { text } = await said(home, () => showQuarantine({ ...look, folder: home, run: 'events' }));
    return /^next: {2}npm run acequia -- quarantine export (\S+) --source=(\S+) (\S+) /m.exec(text)?.slice(1);
  };
  expect(await next()).toEqual(['33334444', 'j', 'j.bad.jsonl']);
  const args = { run: '33334444', source: 'j', environment: 'dev', folder: home };
  expect((await said(home, () => exportQuarantine({ ...args, file: 'j.bad.jsonl' }))).code).toBe(0);
  expect(await next()).toEqual(['33334444', 'j', 'j.bad.2.jsonl']);
});

test('show: one source, some rows, as JSON', async () => {
  const { text } = await said(home, () => showQuarantine({ ...look, run: 'shop', source: 'orders', limit: '1' }));
  expect(text).toContain('… and 2 more: --limit=3');
  const { text: json } = await said(home, () => showQuarantine({ ...look, run: 'shop', source: 'orders', json: true }));
  expect(JSON.parse(json)).toMatchObject({
    pipeline: 'shop',
    rows: [{ line: 3 }, { line: 5, kept: true }, { source: 'orders', line: 7, offset: 1_034, value: '31/02/2025' }],
  });
});

test.each([
  ['clean', undefined, undefined, /Nothing was quarantined in clean, run 11112222[^]*quarantine list/],
  ['shop', 'ordres', undefined, /No row of a source "ordres"[^]*--source=orders or --source=customers/],
  ['shop', undefined, 'many', /--limit "many" is no number/],
  ['nowhere', undefined, undefined, /There is no run "nowhere"/],
])('show %s %s %s is refused', async (run, source, limit, message) => {
  await expect(said(home, () => showQuarantine({ ...look, run, source, limit }))).rejects.toThrow(message);
});
