import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withOwnSettings } from '../../../client/cli/own-settings.ts';
import { projectRoot } from '../../../infra/setup/inventory.mjs';

const PIPELINES = join(projectRoot(), 'pipelines');

test("the inbox that is set where the command is typed travels with the run, whoever's worker does it", async () => {
  const options = await withOwnSettings({ anyAge: true }, PIPELINES, 'sales', { SALES_INBOX: 'exports' });
  expect(options).toEqual({ anyAge: true, inbox: join(process.cwd(), 'exports') });
});

test.each([
  ['nothing is set', {}, {}],
  ['the setting is empty', {}, { SALES_INBOX: '' }],
  ['another setting is set', {}, { OTHER_INBOX: '/x' }],
  ['an option names the inbox', { inbox: '/y' }, { SALES_INBOX: '/x' }],
])('options stay as they are where %s', async (_, options, variables) => {
  expect(await withOwnSettings(options, PIPELINES, 'sales', variables)).toEqual(options);
});
