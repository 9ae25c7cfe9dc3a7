import { join } from 'node:path';
import { expect, test } from 'vitest';
import { explain } from '../../../../client/cli/explain/explain.ts';
import { said } from '../../../support/said.ts';
import { column, fileReport, RUN_ID, storeRun } from '../../../support/stored-run.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function home(): Promise<string> {
  const folder = await temporaryFolder();
  const error = { type: 'SourceCorrupt', message: 'The gzip ends early.\n  where: b.csv.gz', stage: 'ingest' };
  const stored = await storeRun(join(folder, 'dev', 'lake'), {}, [
    {
      name: 'orders',
      report: {
        files: [
          fileReport('orders.csv', {
            dialect: 'tab between fields',
            confidence: 0.8,
            warnings: ['no header proves it'],
          }),
        ],
        tables: [
          {
            name: 'orders',
            list: '',
            columns: [
              column('order_id', 'text', {
                field: 'Order ID',
                ruledOut: [
                  { kind: 'date', line: 2 },
                  { kind: 'integer', line: 1_200 },
                ],
              }),
              column('day', 'date!', { origin: 'declared' }),
            ],
          },
          {
            name: 'orders_items',
            list: 'items[]',
            columns: [column('qty', 'integer', { ruledOut: [{ kind: 'boolean', line: 2 }] })],
          },
        ],
        leftOut: ['extra'],
        missing: [{ column: 'day', files: ['b.csv'] }],
      },
    },
  ]);
  const failed = { ...stored.sources[0]!, name: 'b', error, report: null };
  await storeRun(join(folder, 'dev', 'lake'), {}, [], { sources: [...stored.sources, failed] });
  return folder;
}

test('each file and column: how it was read, what it was called, which line decided', async () => {
  const { code, text } = await said(await home(), () => explain({ run: 'shop', environment: 'dev', json: false }));
  expect(code).toBe(0);
  expect(text.split('\n').slice(0, 5)).toEqual([
    `shop, run ${RUN_ID}, started 2025-01-01T10:00:00.000Z: succeeded`,
    '',
    'orders: 10 records read, 10 staged, 0 quarantined',
    '  orders.csv: csv, tab between fields (80 % sure), utf-8',
    '    ! no header proves it',
  ]);
  expect(text).toMatch(
    /│ order_id +│ Order ID +│ text +│ line 1,200 is no integer +│ integer by line 1,200, date by line 2 │/,
  );
  expect(text).toMatch(/│ day +│ +│ date! +│ declared +│ +│/);
  expect(text).toMatch(/│ orders_items \(items\[\]\) +│/);
  expect(text).toMatch(/│ qty +│ +│ integer +│ fits every value +│ boolean by line 2 +│/);
  expect(text).toContain('left out, as the contract does not name them: "extra"\n"day" is missing in "b.csv"');
  expect(text).toContain('b: The gzip ends early.\n  where: b.csv.gz');
});

test('the same as JSON', async () => {
  const { text } = await said(await home(), () => explain({ run: 'latest', environment: 'dev', json: true }));
  expect(JSON.parse(text)).toMatchObject({
    run: { pipeline: 'shop', runId: RUN_ID },
    sources: [
      {
        name: 'orders',
        files: [{ confidence: 0.8 }],
        tables: [
          {
            columns: [
              { name: 'order_id', field: 'Order ID', renamed: true, decided: 'line 1,200 is no integer' },
              { name: 'day', renamed: false, decided: 'declared' },
            ],
          },
          { list: 'items[]' },
        ],
      },
    ],
    failed: [{ name: 'b', error: { type: 'SourceCorrupt' } }],
  });
});
