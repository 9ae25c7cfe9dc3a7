import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { openLake } from '../../../activities/lake/lake.ts';
import { checkSignature } from '../../../activities/receipt/signature.ts';
import { writeReceipt } from '../../../activities/receipt/write-receipt.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import type { ReceiptRequest } from '../../../workflows/stages.ts';
import { EXAMPLE_PLAN, ingested } from '../../support/example-run.ts';
import { newKeys } from '../../support/keys.ts';
import { column, sourceReport } from '../../support/stored-run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
import { request } from './receipt-request.ts';

const { privateKey, publicKey } = newKeys();
let folder: string;
let lake: string;
let told: ReceiptRequest;

beforeEach(async () => {
  folder = await temporaryFolder();
  lake = pathToFileURL(folder).href;
  const tables = [{ name: 'left', list: '', columns: [column('id', 'integer!', { origin: 'declared' })] }];
  const report = await openLake(lake).writeText('report.json', JSON.stringify(sourceReport('left', { tables })));
  told = { ...request, plan: { ...EXAMPLE_PLAN, lake }, sources: [{ ...ingested('left'), report }] };
});

const path = (ending: string): string => join(folder, 'receipts', 'example', `r.${ending}`);
const bytes = (ending: string): string => readFileSync(path(ending), 'utf8');
const write = (settings: { signingKey?: typeof privateKey } = {}) =>
  writeReceipt(told, { lake, ...settings }, quietWork());

test('JSON and Markdown, with what the sources’ reports say in short', async () => {
  const { uri, markdown } = await write();
  expect(uri).toBe(pathToFileURL(path('json')).href);
  expect(bytes('md')).toBe(`${markdown}\n`);
  const receipt = JSON.parse(bytes('json')) as Receipt;
  expect(receipt.sources[0]?.reading).toEqual({
    kinds: [{ format: 'csv', compression: 'none', encoding: 'utf-8', dialect: '', files: 1, example: 'left.csv' }],
    columns: [{ table: 'left', name: 'id', type: 'integer!', origin: 'declared' }],
  });
  expect(existsSync(path('json.sig'))).toBe(false);
});

test('a source that failed was not read in any way', async () => {
  told = {
    ...told,
    sources: [],
    failedSources: [{ name: 'left', error: { type: 'T', message: 'm', stage: 'ingest' } }],
  };
  await write();
  expect((JSON.parse(bytes('json')) as Receipt).sources).toMatchObject([{ name: 'left', reading: null }]);
});

test('with a key the very bytes are signed, and a second time leaves the same', async () => {
  await write({ signingKey: privateKey });
  const first = [bytes('json'), bytes('json.sig'), bytes('md')];
  expect(checkSignature(bytes('json'), bytes('json.sig'), publicKey)).toMatchObject({ state: 'valid' });
  await write({ signingKey: privateKey });
  expect([bytes('json'), bytes('json.sig'), bytes('md')]).toEqual(first);
});

test('a receipt that cannot be signed is not there at all', async () => {
  mkdirSync(path('json.sig'), { recursive: true });
  await expect(write({ signingKey: privateKey })).rejects.toThrow();
  expect(existsSync(path('json'))).toBe(false);
});
