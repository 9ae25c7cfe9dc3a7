import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { oneQuarantinedSource } from '../../../../client/cli/quarantine/quarantined-source.ts';
import { replayRequest } from '../../../../client/cli/quarantine/replay.ts';
import { resolveEnvironment } from '../../../../infra/settings/environment-settings.ts';
import type { CopyOptions, RunOptions } from '../../../../workflows/definition/index.ts';
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
  return replayRequest(receipt, oneQuarantinedSource(receipt, undefined), file, true, settings);
}

test('a pipeline runs again with what was asked of it, the corrected records beside its files', async () => {
  const asked = { inbox: '/in', asOf: '2025-01-01', validateOnly: true, corrections: { others: '/kept.csv' } };
  const { pipeline, environment, options } = await requestFor(
    'shop',
    asked,
    '_file,_line,_offset,_reason,_record,id\nf,2,9,r,x,7\n',
  );
  expect([pipeline, environment]).toEqual(['shop', 'dev']);
  const path = options.corrections?.['orders'] ?? '';
  expect(options).toEqual({
    inbox: '/in',
    asOf: '2025-01-01',
    anyAge: true,
    corrections: { others: '/kept.csv', orders: path },
  });
  expect(path.startsWith(join(home, 'dev', 'corrections'))).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe('id\n7\n');
});

test('JSON Lines go as they are', async () => {
  const { options } = await requestFor('shop', {}, '_file,_line,_offset,_reason,_record,id\n', 'fix.jsonl');
  expect(readFileSync(options.corrections?.['orders'] ?? '', 'utf8')).toMatch(/^_file/);
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

test('records of JSON keep their own fields', async () => {
  const { options } = await requestFor('copy-x', { copy: { ...copied, mode: 'append' } }, '{}', 'fix.jsonl', 'jsonl');
  expect(options.copy?.declare).toEqual({ id: 'integer', 'Total €': 'decimal(9,2)', day: 'date!|DD/MM/YYYY' });
});

test('a copy that replaces is done again, the corrected records beside its files', async () => {
  const copy = { ...copied, mode: 'replace' as const };
  const { pipeline, options } = await requestFor('copy-x', { copy, validateOnly: true }, 'id\n1\n');
  const path = options.corrections?.['orders'] ?? '';
  expect(pipeline).toBe('copy-x');
  expect(options).toEqual({ copy, anyAge: true, corrections: { orders: path } });
  expect(readFileSync(path, 'utf8')).toBe('id\n1\n');
});
