import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { findRun, storedRuns } from '../../../../client/cli/runs/stored-runs.ts';
import { storeRun } from '../../../support/stored-run.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

let lakeFolder: string;
let place: { lake: string; name: string };

beforeEach(async () => {
  lakeFolder = join(await temporaryFolder(), 'lake');
  place = { lake: pathToFileURL(lakeFolder).href, name: 'dev' };
});

async function store(pipeline: string, runId: string, second: number): Promise<void> {
  await storeRun(lakeFolder, { pipeline, runId }, []);
  utimesSync(join(lakeFolder, 'receipts', pipeline, `${runId}.json`), second, second);
}

const refused = (message: RegExp): object =>
  expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) as string }) as object;

test('a run is found by its id, the beginning of it, as the last one, and as the last one of a pipeline', async () => {
  await store('sales', 'x-aaaa1111', 100);
  await store('sales', 'x-aaaa2222', 300);
  await store('copy-duckdb.out-t-12345678', 'x-bbbb1111', 200);
  const idOf = async (word: string): Promise<string> => (await findRun(word, place)).run.runId;
  expect((await storedRuns(place)).map(({ runId }) => runId)).toEqual(['x-aaaa2222', 'x-bbbb1111', 'x-aaaa1111']);
  expect(await idOf('latest')).toBe('x-aaaa2222');
  expect(await idOf('x-aaaa1111')).toBe('x-aaaa1111');
  expect(await idOf('bbbb1111')).toBe('x-bbbb1111');
  expect(await idOf('sales')).toBe('x-aaaa2222');
  await expect(idOf('x-aaaa')).rejects.toEqual(refused(/2 runs have an id like "x-aaaa"[^]*x-aaaa2222.*x-aaaa1111/));
  await expect(idOf('bbb')).rejects.toEqual(refused(/no run "bbb"/));
  await expect(idOf('slaes')).rejects.toEqual(refused(/Did you mean "sales"[^]*aaaa2222 \(sales\)/));
});

test('the last run is the one begun last, whatever was done to the receipts since', async () => {
  await store('sales', '01a2050a-b781-79c0-90c2-cba4e7411d41', 300);
  await store('sales', '01a2050a-b782-7000-90c2-cba4e7411d42', 100);
  expect((await findRun('latest', place)).run.runId).toBe('01a2050a-b782-7000-90c2-cba4e7411d42');
});

test('where nothing has run yet', async () => {
  await expect(findRun('latest', place)).rejects.toEqual(refused(/No run of the environment "dev"/));
});
