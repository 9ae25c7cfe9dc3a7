import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requirePipelines, requireTables } from '../../../client/cli/known-names.ts';
import { environments } from '../../../pipelines/environments.ts';

let pipelinesFolder: string;

beforeAll(async () => {
  pipelinesFolder = await mkdtemp(join(tmpdir(), 'acequia-names-'));
  for (const [pipeline, table] of [
    ['sales', 'ventas'],
    ['orders', 'lines'],
  ] as const) {
    await mkdir(join(pipelinesFolder, pipeline, 'models'), { recursive: true });
    const definition = { summary: pipeline, inbox: 'INBOX', sources: {}, models: { [table]: { key: ['id'] } } };
    await writeFile(join(pipelinesFolder, pipeline, 'pipeline.ts'), `export default ${JSON.stringify(definition)}`);
    await writeFile(join(pipelinesFolder, pipeline, 'models', `${table}.sql`), '');
  }
  await mkdir(join(pipelinesFolder, 'notes'));
});

afterAll(() => rm(pipelinesFolder, { recursive: true, force: true }));

const settings = () => ({ name: 'dev', definition: environments.dev, pipelinesFolder });
const refused = (message: RegExp): object =>
  expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) as string }) as object;

test('none named: the default set of the environment; each once', () => {
  expect(requirePipelines([], settings())).toEqual(['sales']);
  expect(requirePipelines(['orders', 'sales', 'orders'], settings())).toEqual(['orders', 'sales']);
});

test('an unknown pipeline is answered with the nearest one and the list', () => {
  expect(() => requirePipelines(['slaes'], settings())).toThrow(refused(/Did you mean "sales"[^]*orders, sales/));
  expect(() => requirePipelines(['notes'], settings())).toThrow(refused(/no pipeline "notes"/));
});

test('an unknown table is refused before anything is started', async () => {
  await requireTables({ tables: ['ventas'] }, ['sales'], settings());
  await expect(requireTables({ tables: ['vnetas'] }, ['sales'], settings())).rejects.toThrow(
    refused(/Did you mean "ventas"/),
  );
  await expect(requireTables({ fullRefresh: ['lines'] }, ['sales'], settings())).rejects.toThrow(
    refused(/no table "lines"/),
  );
});

test('tables of which pipeline, when several run', async () => {
  await expect(requireTables({ tables: ['ventas'] }, ['sales', 'orders'], settings())).rejects.toThrow(
    refused(/one pipeline/),
  );
});
