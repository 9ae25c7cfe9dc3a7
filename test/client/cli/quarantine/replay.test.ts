import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { oneQuarantinedSource } from '../../../../client/cli/quarantine/quarantined-source.ts';
import { putCorrectionAside } from '../../../../client/cli/quarantine/put-correction-aside.ts';
import { replayRequest } from '../../../../client/cli/quarantine/replay.ts';
import { resolveEnvironment } from '../../../../infra/settings/environment-settings.ts';
import type { CopyOptions, Correction, RunOptions } from '../../../../workflows/definition/index.ts';
import { receiptKey } from '../../../../workflows/receipt.ts';
import { receiptTable } from '../../../support/receipt-table.ts';
import { column, fileReport, storeRun } from '../../../support/stored-run.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

let home: string;
let root: string;

beforeEach(async () => {
  home = await temporaryFolder();
  root = join(home, 'project');
  const pipeline = join(root, 'pipelines', 'shop', 'pipeline.ts');
  mkdirSync(dirname(pipeline), { recursive: true });
  writeFileSync(pipeline, 'export default {};');
});

/** As an earlier replay has put it aside. */
async function handIn(name: string, text: string): Promise<Correction> {
  mkdirSync(join(home, 'typed'), { recursive: true });
  writeFileSync(join(home, 'typed', name), text);
  return putCorrectionAside(join(home, 'typed', name), { folder: join(home, 'dev') });
}

async function requestFor(pipeline: string, options: RunOptions, text: string, name = 'fix.csv', format = 'csv') {
  const settings = resolveEnvironment('dev', { ACEQUIA_HOME: home }, root);
  const columns = [
    column('id', 'integer'),
    column('total', 'decimal(9,2)', { field: 'Total €' }),
    column('day', 'date!', { origin: 'declared' }),
  ];
  const receipt = await storeRun(join(home, 'dev', 'lake'), { pipeline, options }, [
    {
      name: 'orders',
      report: {
        files: [fileReport('orders', { format })],
        tables: [
          { name: 'orders', list: '', columns },
          { name: 'orders_items', list: 'items[]', columns },
        ],
      },
      quarantined: [{ line: 2, reason: 'bad' }],
    },
  ]);
  const file = join(home, name);
  writeFileSync(file, text);
  // Stored first of all, as runs are told apart by when they ended.
  utimesSync(join(home, 'dev', 'lake', receiptKey(receipt.run)), 1, 1);
  return replayRequest(receipt, oneQuarantinedSource(receipt, undefined), file, { anyAge: true }, settings);
}

const HEAD = '_file,_line,_offset,_reason,_record,id';

test('a pipeline runs again with what was asked of it, the corrected records beside its files', async () => {
  const others = [await handIn('kept.csv', 'id\n1\n')];
  const publishAnyway = [{ check: 'orders: fresh', reason: 'that one time' }];
  const asked = { inbox: '/in', asOf: '2025-01-01', validateOnly: true, publishAnyway, corrections: { others } };
  const { pipeline, environment, options } = await requestFor('shop', asked, `${HEAD}\nf,2,9,r,x,7\n`);
  expect([pipeline, environment]).toEqual(['shop', 'dev']);
  const [correction] = options.corrections?.['orders'] ?? [];
  expect(options).toEqual({
    inbox: '/in',
    asOf: '2025-01-01',
    anyAge: true,
    corrections: { others, orders: [correction] },
  });
  expect(correction?.path.startsWith(join(home, 'dev', 'corrections'))).toBe(true);
  expect(readFileSync(correction?.path ?? '', 'utf8')).toBe('id\n7\n');
  expect(readFileSync(correction?.places ?? '', 'utf8')).toBe('_file,_line,_offset,_reason,_record,\nf,2,9,r,x,\n');
});

test('JSON Lines go as they are', async () => {
  const { options } = await requestFor('shop', {}, `${HEAD}\n`, 'fix.jsonl');
  const [correction] = options.corrections?.['orders'] ?? [];
  expect(correction).toEqual({ path: correction?.path });
  expect(readFileSync(correction?.path ?? '', 'utf8')).toMatch(/^_file/);
});

describe('a replay of a replay', () => {
  const first = `${HEAD}\norders.csv,2,20,r,"1,x",7\norders.csv,3,30,r,"2,x",8\n`;

  test('keeps the earlier files, in their order; the same one again is not another', async () => {
    const orders = [await handIn('fix.csv', first), await handIn('plain.csv', 'id\n9\n')];
    const second = `${HEAD}\nfix.csv,3,30,r,8,80\n`;
    const { options } = await requestFor('shop', { corrections: { orders } }, second, 'fix2.csv');
    expect(options.corrections?.['orders']).toEqual([...orders, await handIn('fix2.csv', second)]);
    const again = await requestFor('shop', { corrections: { orders } }, first);
    expect(again.options.corrections?.['orders']).toEqual(orders);
  });

  test.each(['path', 'places'] as const)('whose earlier file is gone or was changed (%s) is refused', async (which) => {
    const kept = await handIn('fix.csv', first);
    const asked = { corrections: { orders: [kept] } };
    writeFileSync(kept[which] ?? '', 'id\n1\n');
    await expect(requestFor('shop', asked, `${HEAD}\n`)).rejects.toThrow(
      /rows of fix\.csv, which run 1a2b3c4d took for orders, have been changed[^]*take them out of the table[^]*to do: /,
    );
    rmSync(kept[which] ?? '');
    await expect(requestFor('shop', asked, `${HEAD}\n`)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`are gone where they were kept: ${kept[which] ?? ''}`) as string,
    });
  });

  test('with a row that an earlier file has corrected would load it twice', async () => {
    const asked = { corrections: { orders: [await handIn('fix.csv', first)] } };
    // Another place, other spaces in the record: the same row all the same.
    const again = `${HEAD}\norders.csv,9,20,r,"1,x",7\norders.csv,3,,,"2,\r\nx",80\n`;
    await expect(requestFor('shop', asked, again, 'more.csv')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(
        /^1 row of .*more\.csv stands in fix\.csv, too, which run 1a2b3c4d took[^]*quarantine export 1a2b3c4d --source=orders/,
      ) as string,
    });
  });
});

test('a replay that would drop what a later run has brought in is refused; of what was never published there is nothing to drop', async () => {
  const later = { runId: 'later-99998888', options: { corrections: { orders: [await handIn('a.csv', 'id\n1\n')] } } };
  const store = (destination: string | null) =>
    storeRun(join(home, 'dev', 'lake'), { pipeline: 'shop', ...later }, [], {
      tables: [receiptTable({ destination, source: 'orders', rows: 1, inserted: 1 })],
    });
  const replay = () => requestFor('shop', {}, 'id\n2\n', 'b.csv');
  await store(null);
  await replay();
  await store('shop.db');
  await expect(replay()).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(
      /^Run 99998888 of 2025.* has brought in the corrected rows of a\.csv\. A replay of run 1a2b3c4d would take them out[^]*quarantine replay 99998888 --source=orders .*b\.csv; to begin anew/,
    ) as string,
  });
});

test('a pipeline that is gone', async () => {
  await expect(requestFor('shpo', {}, 'id\n7\n')).rejects.toThrow(/Did you mean "shop"/);
});

const copied: CopyOptions = {
  from: ['/in/orders.xlsx'],
  to: { kind: 'duckdb', path: '/out/o.duckdb' },
  mode: 'merge',
  key: ['id'],
  contract: 'freeze',
  declare: { day: 'date!|DD/MM/YYYY' },
  format: 'excel',
  sheet: 'One',
  dialect: { header: true },
};

test('a copy that merges: the corrected records alone, into the same table, with the types that were found', async () => {
  const { pipeline, options } = await requestFor('copy-duckdb.o-orders-1', { copy: copied }, 'id,total,day\n1,2,x\n');
  expect(pipeline).toBe('copy-duckdb.o-orders-1');
  const from = options.copy?.from ?? [];
  expect(options).toEqual({
    copy: {
      from,
      to: copied.to,
      table: 'orders',
      mode: 'merge',
      key: ['id'],
      contract: 'freeze',
      declare: { id: 'integer', total: 'decimal(9,2)', day: 'date!|DD/MM/YYYY' },
    },
  });
  expect(readFileSync(from[0] ?? '', 'utf8')).toBe('id,total,day\n1,2,x\n');
});

test('what decides between rows and where they go stays', async () => {
  const copy = { ...copied, mode: 'append', keepLatestBy: ['day'], partitionBy: ['day'] } as const;
  const { options } = await requestFor('copy-x', { copy }, 'id,total,day\n1,2,x\n');
  expect(options.copy).toMatchObject({ mode: 'append', keepLatestBy: ['day'], partitionBy: ['day'] });
});

test('records of JSON keep their own fields', async () => {
  const { options } = await requestFor('copy-x', { copy: { ...copied, mode: 'append' } }, '{}', 'fix.jsonl', 'jsonl');
  expect(options.copy?.declare).toEqual({ id: 'integer', 'Total €': 'decimal(9,2)', day: 'date!|DD/MM/YYYY' });
});

const WHOLE: readonly Partial<CopyOptions>[] = [
  { mode: 'replace' },
  { mode: 'delete-missing', missing: 'hard' },
  { mode: 'scd2' },
  { mode: 'merge', keepLatestBy: ['day'] },
];

test.each(WHOLE)(
  'a copy that needs all its rows is done again, the corrected ones beside its files: %o',
  async (way) => {
    const copy = { ...copied, ...way };
    const { pipeline, options } = await requestFor('copy-x', { copy, validateOnly: true }, 'id\n1\n');
    const [correction] = options.corrections?.['orders'] ?? [];
    expect(pipeline).toBe('copy-x');
    expect(options).toEqual({ copy, anyAge: true, corrections: { orders: [{ path: correction?.path }] } });
    expect(readFileSync(correction?.path ?? '', 'utf8')).toBe('id\n1\n');
  },
);
