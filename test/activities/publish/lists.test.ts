import { expect, test } from 'vitest';
import { publishTables } from '../../../activities/publish/publish-tables.ts';
import { quietWork } from '../../support/work.ts';

test('entries of lists are not merged by key: those that are gone would stay', async () => {
  const run = { pipeline: 'p', environment: 'dev', workflowId: 'w', runId: 'r', rootRunId: 'r', startedAt: '' };
  const items = { name: 'orders_items', from: 'source', mode: 'merge', key: ['_parent', '_position'] } as const;
  const table = { ...items, columns: [], references: [], indexes: [] };
  const destination = { name: 'x', kind: 'duckdb', path: '/nowhere/x.duckdb', tables: [table] } as const;
  const request = {
    run,
    lake: 'file:///nowhere',
    destination,
    tables: [],
    fullRefresh: [],
    overrides: [],
    requestedAt: '',
  };
  await expect(publishTables(request, quietWork(), { variables: {} })).rejects.toMatchObject({
    type: 'DestinationMismatch',
    message: expect.stringContaining('--nested json') as unknown,
  });
});
