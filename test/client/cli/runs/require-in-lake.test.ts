import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { explain } from '../../../../client/cli/explain/explain.ts';
import { exportQuarantine } from '../../../../client/cli/quarantine/export.ts';
import { showQuarantine } from '../../../../client/cli/quarantine/show.ts';
import { cleanUp } from '../../../../activities/clean-up/clean-up.ts';
import type { Retention } from '../../../../workflows/definition/index.ts';
import { said } from '../../../support/said.ts';
import { storeRun } from '../../../support/stored-run.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { quietWork } from '../../../support/work.ts';

let home: string;
let lake: string;

/** A run of January 2025, whose things are years old, or would be by `clean`'s day. */
beforeEach(async () => {
  home = await temporaryFolder();
  lake = join(home, 'dev', 'lake');
  await storeRun(lake, {}, [{ name: 'orders', report: {}, quarantined: [{ line: 7, reason: 'day: unreadable' }] }]);
});

const clean = (retention: Retention) =>
  cleanUp(
    { environment: 'dev', retention, dryRun: false, runId: 'c', at: '2099-01-01T00:00:00.000Z' },
    pathToFileURL(lake).href,
    () => Promise.resolve(undefined),
    quietWork(),
  );

const show = () =>
  said(home, () =>
    showQuarantine({
      ...{ run: 'latest', source: undefined, limit: undefined, environment: 'dev', json: false, folder: home },
    }),
  );
const exporting = () =>
  said(home, () =>
    exportQuarantine({ run: 'latest', source: 'orders', file: 'x.csv', environment: 'dev', folder: home }),
  );
const explaining = () => said(home, () => explain({ run: 'latest', environment: 'dev', json: false }));

describe('what retention has removed is told in a sentence that says when', () => {
  test('the quarantined rows', async () => {
    await clean({ quarantine: '1y', staging: '7d', landing: '7d' });
    for (const command of [show, exporting]) {
      await expect(command()).rejects.toMatchObject({
        exitCode: 1,
        message: expect.stringMatching(
          /^Retention has removed the .* of run 1a2b3c4d, which ended on 2025-01-01: it went with the clean-up of 20\d\d-/,
        ) as unknown,
      });
    }
    await expect(show()).rejects.toThrow('(ACEQUIA_RETENTION was quarantine=1y)');
    await expect(explaining()).rejects.toThrow(
      'Retention has removed the report on how orders was read of run 1a2b3c4d',
    );
  });

  test('while the quarantine is kept, how it was read is told as well', async () => {
    await clean({ staging: '7d', landing: '7d' });
    expect((await show()).text).toContain('day: unreadable');
    expect((await exporting()).code).toBe(0);
    expect((await explaining()).text).toContain('orders');
  });
});

test('what somebody else has removed is not laid to retention', async () => {
  await rm(join(lake, 'quarantine'), { recursive: true });
  await expect(show()).rejects.toThrow(
    /The lake has no longer the quarantined rows of orders.*no clean-up has removed it/,
  );
});
