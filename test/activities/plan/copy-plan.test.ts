import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeCopyPlan } from '../../../activities/plan/copy-plan.ts';
import type { CopyOptions } from '../../../workflows/definition/index.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const SETTINGS = {
  environment: 'local',
  defaults: true,
  pipelinesFolder: '/nowhere',
  lake: 'file:///lake',
  out: '/out',
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

function plan(asked: Partial<CopyOptions> & Pick<CopyOptions, 'from'>) {
  const copy: CopyOptions = {
    to: { kind: 'duckdb', path: '/out/x.duckdb' },
    mode: 'replace',
    key: [],
    declare: {},
    ...asked,
  };
  return makeCopyPlan('copy-x', copy, { copy }, '2026-01-02T00:00:00Z', SETTINGS);
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
