import { expect, test } from 'vitest';
import { makePlan } from '../../../activities/plan/make-plan.ts';
import type { RunOptions } from '../../../workflows/definition/index.ts';
import { writePipeline } from '../../support/pipeline-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';

const COLUMNS = `columns: { id: 'integer!', at: 'timestamptz!', 'tags[].name': 'text' }, key: ['id']`;

/** What planning a pipeline over a database comes to: `sources` and `models` as TypeScript. */
async function plan(
  sources: string,
  models: string,
  {
    options = {},
    variables = {},
    more = '',
    files = {},
    environment = 'dev',
  }: {
    options?: RunOptions;
    variables?: Record<string, string>;
    more?: string;
    files?: Record<string, string>;
    environment?: string;
  } = {},
) {
  const settings = await writePipeline(await temporaryFolder(), 'shop', {
    'pipeline.ts': `import { athena, check, chosenBy, csv, definePipeline, duckdb, ducklake, postgresTable } from 'acequia';
      export default definePipeline({ summary: 'x', ${more} sources: { ${sources} }, models: { ${models} } });`,
    ...files,
  });
  const where = {
    ...settings,
    environment,
    defaults: environment !== 'prod',
    variables: { SHOP_URL: 'postgresql://x@y/z', ...variables },
  };
  return makePlan('shop', options, '2026-06-30T00:00:00Z', where, quietWork());
}

const docs = (more = ''): string => `docs: postgresTable('SHOP_URL', 'docs', { ${COLUMNS}, ${more} }),`;
const taken = (more = ''): string =>
  `docs: { from: 'source.docs', key: ['id'], ${more.includes('publish:') ? more : `${more}${more ? ', ' : ''}publish: [duckdb('a.duckdb')]`} },`;
const MERGED = `publish: [duckdb('a.duckdb', { mode: 'merge' })]`;

test('the tables of a database are one reading, and what is taken over has the columns that it is staged with', async () => {
  const { databases, sources, models, destinations, checks } = await plan(
    docs(`cursor: { column: 'at', lag: '5m' }`) +
      `plans: postgresTable('SHOP_URL', 'billing.plans', { columns: { id: 'integer' } }),`,
    taken(`checks: [check.rowCount()], ${MERGED}`) +
      `prices: { from: 'source.plans', key: ['id'], publish: [duckdb('a.duckdb')] },`,
  );
  expect(databases).toEqual([
    {
      name: 'postgres:SHOP_URL',
      setting: 'SHOP_URL',
      tables: [
        {
          source: 'docs',
          schema: 'public',
          table: 'docs',
          format: 'parquet',
          cursor: { column: 'at', lagMs: 300_000, timezone: 'UTC' },
        },
        { source: 'plans', schema: 'billing', table: 'plans', format: 'parquet' },
      ],
    },
  ]);
  expect(sources.map(({ kind, path }) => [kind, path])).toEqual([
    ['parquet', 'postgres:SHOP_URL/public.docs'],
    ['parquet', 'postgres:SHOP_URL/billing.plans'],
  ]);
  expect(models).toEqual([]);
  expect(destinations[0]?.tables).toMatchObject([
    { name: 'docs', from: 'source', cursorOf: 'docs', columns: [], mode: 'merge' },
    { name: 'prices', from: 'source', staged: 'plans', columns: [] },
  ]);
  expect(checks.map(({ name }) => name)).toContain('docs: has as many rows as its source');
});

test('lists that become tables are landed as JSON', async () => {
  const { databases, sources } = await plan(docs(`nested: { tags: 'tables' }`), taken());
  expect([databases?.[0]?.tables[0]?.format, sources[0]?.kind, sources[0]?.nested]).toEqual([
    'jsonl',
    'jsonl',
    { '*': 'json', tags: 'tables' },
  ]);
});

const CURSOR = `cursor: { column: 'at' }`;

test.each<[string, string, string, Record<string, string>, RegExp]>([
  [
    'SQL over a part',
    docs(CURSOR),
    taken(MERGED) + `m: { key: ['id'] },`,
    { 'models/m.sql': 'SELECT id FROM source.docs' },
    /models\/m\.sql reads "source\.docs", of which a run reads only a part/,
  ],
  [
    'SQL over a list of a part',
    docs(`${CURSOR}, nested: 'tables'`),
    taken(MERGED) + `m: { key: ['name'] },`,
    { 'models/m.sql': 'SELECT name FROM source.docs_tags' },
    /models\/m\.sql reads "source\.docs_tags", of which/,
  ],
  [
    'a list of a part',
    docs(`${CURSOR}, nested: 'tables'`),
    taken(MERGED) + `tags: { from: 'source.docs_tags', key: ['_parent', '_position'], ${MERGED} },`,
    {},
    /models\.tags: "source\.docs_tags" is of lists of a table that is read in parts/,
  ],
  [
    'a part in the place of the whole',
    docs(CURSOR),
    taken(`publish: [duckdb('a.duckdb')]`),
    {},
    /mode replace would take a part of docs for all of it/,
  ],
  [
    'what is taken over for nothing',
    docs(CURSOR),
    `docs: { from: 'source.docs', key: ['id'] },`,
    {},
    /models\.docs\.publish: is missing; a table is taken over to be published/,
  ],
  [
    'parts that stand in several places first',
    docs(CURSOR) + docs(CURSOR).replace('docs:', 'notes:'),
    taken(MERGED) + `notes: { from: 'source.notes', key: ['id'], publish: [duckdb('b.duckdb', { mode: 'merge' })] },`,
    {},
    /published to the same place first: docs to a\.duckdb, notes to b\.duckdb/,
  ],
  [
    'a cursor that is none',
    docs(`cursor: { column: 'id' }`),
    taken(MERGED),
    {},
    /"id" is integer; an instant says when/,
  ],
  ['a cursor that is not there', docs(`cursor: { column: 'when' }`), taken(MERGED), {}, /no column "when"/],
  [
    'what means nothing beside from',
    docs(),
    taken(`keepLatestBy: ['at'], checks: [check.notNull('at', { remedy: 'quarantine' })]`),
    {},
    /keepLatestBy: means nothing beside "from"[^]*remedy: means nothing beside "from"/,
  ],
  [
    'rows counted of SQL',
    docs(),
    taken() + `m: { key: ['id'], checks: [check.rowCount()] },`,
    { 'models/m.sql': 'SELECT id FROM source.docs' },
    /rows are counted in databases, and m is not taken over/,
  ],
  [
    'an unknown source',
    docs(),
    `x: { from: 'source.dcos', key: ['id'] },`,
    {},
    /models\.x\.from: there is no "source\.dcos"\. Did you mean "source\.docs"\?[^]*There are: source\.docs/,
  ],
  [
    'files without an inbox',
    `f: csv('f.csv', { columns: { id: 'integer' } }),`,
    `f: { from: 'source.f', key: ['id'] },`,
    {},
    /inbox: is missing; sources\.f are files below it/,
  ],
])('refused: %s', async (_, sources, models, files, message) => {
  await expect(plan(sources, models, { files })).rejects.toThrow(message);
});

test('a table whose name begins as that of one in parts is another one', async () => {
  const archive = `docs_archive: postgresTable('SHOP_URL', 'docs_archive', { columns: { id: 'integer' } }),`;
  const { destinations } = await plan(
    docs(CURSOR) + archive,
    taken(MERGED) + `old: { from: 'source.docs_archive', key: ['id'], publish: [duckdb('a.duckdb')] },`,
  );
  expect(destinations[0]?.tables.map(({ name, mode }) => [name, mode])).toEqual([
    ['docs', 'merge'],
    ['old', undefined],
  ]);
});

test('what no setting names: the sample where there is one, else it is asked for; and never in production', async () => {
  const unset = { variables: { SHOP_URL: '' } };
  await expect(plan(docs(), taken(), unset)).rejects.toThrow(/database of SHOP_URL[^]*this pipeline has none/);
  const more = `sample: { asOf: '2026-01-31', databases: { SHOP_URL: 'shop.sql' } },`;
  await expect(plan(docs(), taken(), { ...unset, more })).rejects.toThrow(/fills the sample of SHOP_URL is not there/);
  const files = { 'sample/shop.sql': 'SELECT 1' };
  const { databases, sample, asOf } = await plan(docs(), taken(), { ...unset, more, files });
  expect([databases?.[0]?.sample, sample, asOf]).toEqual([
    expect.stringMatching(/\/shop\/sample\/shop\.sql$/),
    true,
    '2026-01-31',
  ]);
  await expect(plan(docs(), taken(), { ...unset, more, environment: 'prod' })).rejects.toThrow(/not used in prod/);
});

test('a setting that is known only where the run was asked for stops it: the sample would look like the truth', async () => {
  const options = { settings: ['SHOP_URL'] };
  await expect(plan(docs(), taken(), { options, variables: { SHOP_URL: '' } })).rejects.toThrow(
    /set where the run was started, and not where the worker runs/,
  );
  await expect(plan(docs(), taken(), { options })).resolves.toBeDefined();
});

test('corrected rows of a table belong into its database', async () => {
  const options = { corrections: { docs: [{ path: '/x/y.csv' }] } };
  await expect(plan(docs(), taken(), { options })).rejects.toThrow(/Corrected rows of docs cannot be handed in/);
});

test('a destination is chosen by a setting, else by the environment', async () => {
  const to = `publish: [chosenBy('SHOP_TO', { lake: ducklake('raw'), file: duckdb('raw.duckdb'), athena: athena({ database: 'raw', workgroup: 'w', staging: 'STAGING' }) }, { dev: 'lake', prod: 'athena' })]`;
  const kind = async (more: Parameters<typeof plan>[2]) => (await plan(docs(), taken(to), more)).destinations[0]?.kind;
  expect(await kind({})).toBe('ducklake');
  expect(await kind({ variables: { SHOP_TO: 'file' } })).toBe('duckdb');
  expect(await kind({ variables: { SHOP_TO: 'file' }, environment: 'prod' })).toBe('duckdb');
  await expect(kind({ environment: 'prod' })).rejects.toThrow(
    /Athena in prod[^]*Glue database raw, workgroup w, staging place in the setting STAGING[^]*set SHOP_TO to lake or file/,
  );
  await expect(kind({ variables: { SHOP_TO: 'fiel' } })).rejects.toThrow(/SHOP_TO=fiel[^]*Did you mean "file"/);
  await expect(kind({ environment: 'local' })).rejects.toThrow(/no default for local/);
  await expect(plan(docs(), taken(to.replace(`dev: 'lake'`, `dev: 'laek'`)))).rejects.toThrow(
    /defaults\.dev: is one of the destinations to choose from: lake, file, athena/,
  );
});
