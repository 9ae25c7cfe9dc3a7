import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeCopyPlan } from '../../../activities/plan/copy-plan.ts';
import type { CopyOptions, RunOptions } from '../../../workflows/definition/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SETTINGS = {
  environment: 'local',
  defaults: true,
  pipelinesFolder: '/nowhere',
  lake: 'file:///lake',
  out: '/out',
  samples: '/samples',
  variables: {},
};

async function folderOf(...names: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), 'a\n1\n');
  }
  return folder;
}

function plan(
  asked: Partial<CopyOptions> & Pick<CopyOptions, 'from'>,
  { variables = {}, ...options }: RunOptions & { variables?: Record<string, string> } = {},
) {
  const copy: CopyOptions = {
    to: { kind: 'duckdb', path: '/out/x.duckdb' },
    mode: 'replace',
    key: [],
    declare: {},
    ...asked,
  };
  const settings = { ...SETTINGS, variables };
  return makeCopyPlan(
    'copy-x',
    copy,
    { ...options, copy },
    '2026-01-02T00:00:00Z',
    settings,
    new AbortController().signal,
  );
}

test('a folder becomes a table for each file, named by its stem', async () => {
  const folder = await folderOf('Ventas 2024.csv', 'deep/b.jsonl.gz', '_work.csv', 'c.part');
  const { sources, destinations, failedSources } = await plan({ from: [folder] });
  expect(sources.map(({ name }) => name).sort()).toEqual(['b', 'ventas_2024']);
  expect(sources.every(({ path }) => path.startsWith(folder))).toBe(true);
  expect(destinations).toMatchObject([{ kind: 'duckdb', tables: [], staged: { mode: 'replace', key: [] } }]);
  expect(failedSources).toBe('go-on');
});

test('with a table named, one pattern is one source', async () => {
  const folder = await folderOf('a.csv', 'b.csv');
  const from = [join(folder, '*.csv')];
  expect((await plan({ from, table: 'days' })).sources).toMatchObject([{ name: 'days', path: from[0] }]);
  await expect(plan({ from: [join(folder, 'a.csv'), join(folder, 'b.csv')], table: 'days' })).rejects.toMatchObject({
    type: 'DefinitionInvalid',
  });
});

test('two files of one stem are refused, with both of them named', async () => {
  const folder = await folderOf('a.csv', 'sub/a.json');
  const refusal = await plan({ from: [folder] }).catch((error: unknown) => error as Error);
  expect(refusal).toMatchObject({ type: 'DefinitionInvalid' });
  expect((refusal as Error).message).toContain(join(folder, 'a.csv'));
  expect((refusal as Error).message).toContain(join(folder, 'sub', 'a.json'));
});

test('what is declared is held to; all else evolves, unless the contract says otherwise', async () => {
  const folder = await folderOf('a.csv');
  const declared = await plan({
    from: [join(folder, 'a.csv')],
    declare: { id: 'integer!', 'items[].qty': 'decimal(9,2)' },
  });
  expect(declared.sources[0]).toMatchObject({
    contract: { newColumns: 'evolve', missingColumns: 'freeze', types: 'discard-row' },
    columns: [
      { name: 'id', list: '', required: true },
      { name: 'qty', list: 'items[]', field: 'qty', type: { kind: 'decimal', precision: 9, scale: 2 } },
    ],
  });
  const frozen = await plan({ from: [join(folder, 'a.csv')], contract: 'freeze' });
  expect(frozen.sources[0]?.contract).toEqual({ newColumns: 'freeze', missingColumns: 'freeze', types: 'freeze' });
  await expect(plan({ from: [join(folder, 'a.csv')], declare: { id: 'int' } })).rejects.toMatchObject({
    type: 'DefinitionInvalid',
  });
});

test('the same copy of the same files has the same digest; another destination has another', async () => {
  const folder = await folderOf('a.csv');
  const one = await plan({ from: [folder] });
  expect((await plan({ from: [folder] })).digest).toBe(one.digest);
  expect((await plan({ from: [folder], mode: 'append' })).digest).not.toBe(one.digest);
});

test('how its tables are loaded; a frozen contract freezes the table, too', async () => {
  const folder = await folderOf('a.csv');
  const loading = { missing: 'soft', vanishAtMost: 0.5, key: ['id'], partitionBy: ['day'] } as const;
  const to = { kind: 'ducklake', path: '/out/x' } as const;
  const made = await plan({ from: [folder], to, mode: 'delete-missing', ...loading, keepLatestBy: ['at'] });
  expect(made.destinations).toEqual([{ name: 'x', ...to, tables: [], staged: { mode: 'delete-missing', ...loading } }]);
  expect(made.sources).toMatchObject([{ key: ['id'], keepLatestBy: ['at'] }]);
  const [frozen] = (await plan({ from: [folder], contract: 'freeze' })).destinations;
  expect(frozen?.staged).toEqual({ mode: 'replace', key: [], freeze: true });
});

test('a server by its reference; a setting that the worker lacks is told before anything is read', async () => {
  const folder = await folderOf('a.csv');
  const server = { setting: 'WAREHOUSE_URL', schema: 'raw' };
  const to = { kind: 'postgres', path: 'postgres:WAREHOUSE_URL/raw', server } as const;
  const variables = { WAREHOUSE_URL: 'postgresql://ana:secret@db/shop' };
  const made = await plan({ from: [folder], to }, { variables });
  expect(made.destinations).toMatchObject([{ name: 'postgres:WAREHOUSE_URL/raw', ...to }]);
  expect(made).toMatchObject({
    out: '/out/copy-x',
    summary: expect.stringMatching(/to postgres:WAREHOUSE_URL\/raw$/) as string,
  });
  expect(JSON.stringify(made)).not.toContain('secret');
  await expect(plan({ from: [folder], to })).rejects.toMatchObject({
    type: 'SettingMissing',
    message: expect.stringContaining('WAREHOUSE_URL') as string,
  });
  await plan({ from: [folder], to }, { validateOnly: true });
});
