import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { chooseCopy } from '../../../../client/cli/init/chosen-copy.ts';
import { resolveEnvironment, type EnvironmentSettings } from '../../../../infra/settings/environment-settings.ts';
import type { CopyOptions } from '../../../../workflows/definition/index.ts';
import { receiptKey, type Receipt } from '../../../../workflows/receipt.ts';
import { storeRun, type StoredSource } from '../../../support/stored-run.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

let settings: EnvironmentSettings;
let lake: string;
let ended: number;

beforeEach(async () => {
  const home = await temporaryFolder();
  settings = resolveEnvironment('dev', { ACEQUIA_HOME: home }, home);
  lake = join(home, 'dev', 'lake');
  ended = 0;
});

const GOOD: StoredSource = { name: 'ventas', report: {} };
const copy: CopyOptions = {
  ...{ from: ['/in/ventas.csv'], to: { kind: 'duckdb', path: '/out/x.duckdb' } },
  ...{ mode: 'replace', key: [], declare: {} },
};

/** Each newer than the one before. */
async function ran(
  runId: string,
  run: Partial<Receipt['run']> = {},
  sources: readonly StoredSource[] = [GOOD],
  rest: Partial<Receipt> = {},
): Promise<void> {
  const pipeline = 'copy-duckdb.x-ventas-1';
  const receipt = await storeRun(lake, { pipeline, options: { copy }, runId, ...run }, sources, rest);
  ended += 1;
  utimesSync(join(lake, receiptKey(receipt.run)), ended, ended);
}

const FAILED: Partial<Receipt['run']> = { outcome: 'failed' };
const UNREAD: Receipt['sources'][number] = {
  ...{ name: 'b', uri: '/in/b.csv', files: 0, bytes: 0, digest: null, read: 0, staged: 0, quarantined: 0 },
  ...{ deduplicated: 0, discarded: 0, reasons: [], quarantine: null, report: null, reading: null },
  error: { type: 'SourceEmpty', message: 'The file is empty.\n  to do: look', stage: 'ingest' },
};

test('the last one that was published whole; of each newer copy the last run, and why it is not taken', async () => {
  await ran('whole-11111111');
  await ran('once-22222222', FAILED);
  await ran('again-33333333', FAILED, [], { sources: [UNREAD] });
  await ran('other-44444444', { pipeline: 'copy-b', options: { copy, validateOnly: true } });
  await ran('block-55555555', { pipeline: 'copy-c', outcome: 'blocked' });
  await ran('pipe-66666666', { pipeline: 'sales', options: {} });
  const { receipt, leftAside } = await chooseCopy('shop', undefined, settings);
  expect(receipt.run.runId).toBe('whole-11111111');
  expect(leftAside.map((one) => [one.receipt.run.runId, one.why, one.usable])).toEqual([
    ['block-55555555', 'a check stopped it before anything was published', true],
    ['other-44444444', 'it was to be checked only', true],
    ['again-33333333', '1 file could not be read', false],
  ]);
});

test('a replay is no copy of its own, whichever way it brought its rows in', async () => {
  await ran('whole-11111111');
  await ran('replay-2222222', { options: { copy, corrections: { ventas: [{ path: '/aside/fix.csv' }] } } });
  const from = [join(settings.folder, 'corrections', 'ab', 'fix.csv')];
  await ran('append-3333333', { options: { copy: { ...copy, from, mode: 'append' } } });
  expect(await chooseCopy('shop', undefined, settings)).toMatchObject({
    receipt: { run: { runId: 'whole-11111111' } },
    leftAside: [],
  });
});

test('where none was published whole, it says which was the last, and how to take one of which something was read', async () => {
  await ran('first-11111111', FAILED);
  await ran('last-222222222', FAILED, [], { sources: [UNREAD] });
  await ran('named-3333333', { pipeline: 'copy-b', ...FAILED }, [], { sources: [UNREAD] });
  const choosing = chooseCopy('shop', undefined, settings);
  await expect(choosing).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(
      /published whole yet\. The last one, \/in\/ventas\.csv -> duckdb:\/out\/x\.duckdb, run -3333333 of 2025-01-01 10:00:00: 1 file could not be read\.\n {2}to do: mend that, and copy again$/,
    ) as string,
  });
  await ran('part-44444444', { pipeline: 'copy-c', ...FAILED });
  await expect(chooseCopy('shop', undefined, settings)).rejects.toThrow(
    /or take it as it is: npm run acequia -- init shop --from-run=44444444$/,
  );
  expect((await chooseCopy('shop', '44444444', settings)).receipt.run.runId).toBe('part-44444444');
  await expect(chooseCopy('shop', '22222222', settings)).rejects.toThrow(/is no copy of which files were read/);
});
