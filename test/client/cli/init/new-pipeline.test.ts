import { join } from 'node:path';
import prettier from 'prettier';
import { describe, expect, test } from 'vitest';
import { newPipeline } from '../../../../client/cli/init/new-pipeline.ts';
import { definitionText, modelText, readmeText } from '../../../../client/cli/init/pipeline-text.ts';
import type { ToldSource } from '../../../../client/cli/runs/source-reports.ts';
import { makePlan } from '../../../../activities/plan/make-plan.ts';
import type { CopyOptions } from '../../../../workflows/definition/index.ts';
import { planSettings, writePipeline } from '../../../support/pipeline-folder.ts';
import { column, fileReport, sourceReport } from '../../../support/stored-run.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { quietWork } from '../../../support/work.ts';

const COPY: CopyOptions = {
  from: ['/in/shop/ventas.csv'],
  to: { kind: 'duckdb', path: '/out/out.duckdb' },
  mode: 'replace',
  key: [],
  declare: {},
};

function told(
  name: string,
  uri: string,
  report: Parameters<typeof sourceReport>[1],
  counts = { read: 10, quarantined: 0 },
): ToldSource {
  const source = { name, uri, files: 1, bytes: 1, digest: 'd', staged: 0, discarded: 0, reasons: [], quarantine: null };
  return {
    source: { ...source, deduplicated: 0, report: null, reading: null, error: null, ...counts },
    report: sourceReport(name, report),
  };
}

const records = (columns: ReturnType<typeof column>[], name = 'ventas') => ({ name, list: '', columns });

/** Writes it, and has it read as `validate` does. */
async function written(pipeline: ReturnType<typeof newPipeline>) {
  const folder = await temporaryFolder();
  const definition = definitionText(pipeline, 'Found.');
  const files = {
    'pipeline.ts': definition.replace("'../../workflows/definition/index.ts'", "'acequia'"),
    ...Object.fromEntries(pipeline.models.map((model) => [`models/${model.name}.sql`, modelText(model)])),
  };
  await writePipeline(folder, pipeline.name, files);
  const settings = planSettings(folder, join(folder, 'pipelines'));
  const { name, inbox } = pipeline;
  const plan = await makePlan(name, inbox === '' ? {} : { inbox }, '2025-01-01T00:00:00Z', settings, quietWork());
  return { definition, plan, files };
}

const ventas = told(
  'ventas',
  '/in/shop/ventas.csv',
  {
    files: [fileReport('ventas.csv', { encoding: 'windows-1252', csv: { delimiter: ';', quote: '"', header: true } })],
    tables: [
      records([
        column('venta_id', 'integer', { field: 'Venta ID' }),
        column('fecha', 'date!', { origin: 'declared' }),
        column('activo', 'boolean', { origin: 'declared' }),
        column('order', 'text'),
      ]),
    ],
  },
  { read: 100, quarantined: 4 },
);

test('one CSV with a key: the contract holds what was found, and the whole fits one screen', async () => {
  const copy = {
    ...COPY,
    mode: 'merge' as const,
    key: ['venta_id'],
    declare: { fecha: 'date!|DD/MM/YYYY', activo: 'boolean|sí|no' },
  };
  const pipeline = newPipeline('ventas', copy, [ventas]);
  const { definition, plan } = await written(pipeline);
  expect(definition).toMatchInlineSnapshot(`
    "import { csv, definePipeline, duckdb } from '../../workflows/definition/index.ts';

    const result = duckdb('out.duckdb', { mode: 'merge' });

    export default definePipeline({
      summary: 'ventas.csv to out.duckdb',
      inbox: 'VENTAS_INBOX',
      sources: {
        // Found.
        ventas: csv('ventas.csv', {
          encoding: 'windows-1252',
          dialect: { delimiter: ';', quote: '"', header: true },
          key: ['venta_id'],
          badRows: { failAbove: '4%' },
          columns: {
            venta_id: 'integer!',
            fecha: { type: 'date!', formats: ['DD/MM/YYYY'] },
            activo: { type: 'boolean', formats: ['sí|no'] },
            order: 'text',
          },
        }),
      },
      models: {
        ventas: { key: ['venta_id'], publish: [result] },
      },
    });
    "
  `);
  expect(modelText(pipeline.models[0]!)).toBe(
    'SELECT\n  venta_id,\n  "fecha",\n  "activo",\n  "order"\nFROM source."ventas"\n',
  );
  expect(plan.sources[0]).toMatchObject({
    path: '/in/shop/ventas.csv',
    key: ['venta_id'],
    failAbove: 0.04,
    encoding: 'windows-1252',
  });
  expect(plan.destinations[0]).toMatchObject({
    kind: 'duckdb',
    tables: [{ name: 'ventas', mode: 'merge', key: ['venta_id'] }],
  });
});

test('without a key a row is known by its place', async () => {
  const pipeline = newPipeline('ventas', COPY, [ventas]);
  const { plan } = await written(pipeline);
  expect(modelText(pipeline.models[0]!)).toMatch(/^SELECT\n {2}_file,\n {2}_line,\n {2}venta_id,/);
  expect(plan.models[0]?.key).toEqual(['_file', '_line']);
});

test('nested records: a table for each list, columns by their paths, names as they were', async () => {
  const report = {
    files: [fileReport('orders.jsonl', { format: 'jsonl' })],
    tables: [
      records(
        [
          column('id', 'integer'),
          column('meta_code', 'text', { field: 'meta.code' }),
          column('ano', 'integer', { field: 'Año' }),
        ],
        'orders',
      ),
      {
        name: 'orders_items',
        list: 'items[]',
        columns: [column('qty', 'decimal(9,2)'), column('unit_price', 'text', { field: 'unit.price' })],
      },
      { name: 'orders_items_tags', list: 'items[].tags[]', columns: [column('value', 'text')] },
    ],
  };
  const copy = { ...COPY, to: { kind: 'parquet', path: '/out/orders.parquet' } as const };
  const pipeline = newPipeline('orders', copy, [told('orders', '/in/orders.jsonl', report)]);
  const { definition, plan } = await written(pipeline);
  expect(definition).toContain(`    orders: jsonl('orders.jsonl', {
      columns: {
        id: 'integer',
        'meta.code': 'text',
        'Año': 'integer',
        'items[].qty': 'decimal(9,2)',
        'items[].unit.price': 'text',
        'items[].tags[].value': 'text',
      },`);
  expect(plan.models.map(({ name, key }) => [name, key])).toEqual([
    ['orders', ['_row']],
    ['orders_items', ['_parent', '_position']],
    ['orders_items_tags', ['_parent', '_position']],
  ]);
  expect(modelText(pipeline.models[0]!)).toContain('"año" AS "ano"');
  // Three tables are no single file.
  expect(plan.destinations[0]?.path).toMatch(/out\/orders\/orders$/);
});

test('several files of a folder, some with names that no table can have', async () => {
  const sources = [
    told('b', '/in/x/b.csv', { tables: [records([column('a', 'text')], 'b')] }),
    told('продажи', '/in/y/deep/c.csv', { tables: [records([column('a', 'text')], 'продажи')] }),
    told('all', '/in/x/*.csv', { tables: [records([column('a', 'text')], 'all')] }),
  ];
  const pipeline = newPipeline('several', COPY, sources);
  expect(pipeline.inbox).toBe('/in');
  expect(pipeline.sources.map(({ name, path }) => [name, path])).toEqual([
    ['b', 'x/b.csv'],
    ['source_2', 'y/deep/c.csv'],
    ['all', 'x/*.csv'],
  ]);
  expect((await written(pipeline)).plan.models).toHaveLength(3);
});

test.each([
  ['a prefix of a bucket', ['s3://shop/in/a.csv', 's3://shop/in/deep/*.csv'], 's3://shop/in', ['a.csv', 'deep/*.csv']],
  ['a folder of a bucket', ['gs://shop/in/'], 'gs://shop/in', ['.']],
  ['nothing in common', ['s3://shop/a.csv', 'gs://shop/b.csv'], '', ['s3://shop/a.csv', 'gs://shop/b.csv']],
])('files of buckets: %s', async (_case, places, inbox, paths) => {
  const sources = places.map((uri, i) => told(`t${i}`, uri, { tables: [records([column('a', 'text')], `t${i}`)] }));
  const pipeline = newPipeline('several', COPY, sources);
  expect([pipeline.inbox, pipeline.sources.map(({ path }) => path)]).toEqual([inbox, paths]);
  expect((await written(pipeline)).plan.sources.map(({ path }) => path)).toEqual(places);
});

test('how a copy loads is how its pipeline loads; rows of lists have no partitions', async () => {
  const report = {
    files: [fileReport('orders.jsonl', { format: 'jsonl' })],
    tables: [
      records([column('id', 'integer'), column('day', 'date'), column('at', 'timestamp')], 'orders'),
      { name: 'orders_items', list: 'items[]', columns: [column('qty', 'integer')] },
    ],
  };
  const copy: CopyOptions = {
    ...COPY,
    to: { kind: 'parquet', path: '/out/lake' },
    ...{ mode: 'delete-missing', missing: 'hard', vanishAtMost: 0.025, contract: 'freeze' },
    ...{ key: ['id'], keepLatestBy: ['at'], partitionBy: ['day'] },
  };
  const { definition, plan } = await written(newPipeline('orders', copy, [told('orders', '/in/orders.jsonl', report)]));
  const loading = { mode: 'delete-missing', missing: 'hard', vanishAtMost: 0.025, freeze: true };
  expect(plan.destinations[0]?.tables).toMatchObject([
    { name: 'orders', ...loading, key: ['id'], partitionBy: ['day'] },
    { name: 'orders_items', ...loading, key: ['_parent', '_position'] },
  ]);
  expect(plan.destinations[0]?.tables[1]).not.toHaveProperty('partitionBy');
  expect(plan.sources[0]).toMatchObject({ key: ['id'], keepLatestBy: ['at'] });
  expect(definition).toMatch(/const lists = parquetFiles\('lake', \{[^}]*structure: 'freeze'[^}]*\}\);\n\nexport/);
});

test.each<[CopyOptions['to'], string, object]>([
  [
    { kind: 'postgres', path: 'postgres:WAREHOUSE_URL/raw', server: { setting: 'WAREHOUSE_URL', schema: 'raw' } },
    "postgres('WAREHOUSE_URL', { schema: 'raw' })",
    { kind: 'postgres', server: { setting: 'WAREHOUSE_URL', schema: 'raw' } },
  ],
  [
    { kind: 'postgres', path: 'postgresql://ana@db/shop', server: { url: 'postgresql://ana@db/shop' } },
    "postgres('VENTAS_DATABASE_URL')",
    { kind: 'postgres', server: { setting: 'VENTAS_DATABASE_URL' } },
  ],
  [
    { kind: 'ducklake', path: '/out/shop.ducklake', server: { setting: 'LAKE_URL' } },
    "ducklake('shop.ducklake', { setting: 'LAKE_URL' })",
    { kind: 'ducklake', server: { setting: 'LAKE_URL' } },
  ],
])('a copy to %o', async (to, writer, destination) => {
  const pipeline = newPipeline('ventas', { ...COPY, to }, [ventas]);
  const { definition, plan } = await written(pipeline);
  expect(definition).toContain(`const result = ${writer};`);
  expect(plan.destinations).toMatchObject([destination]);
});

test('many columns are not named one by one', async () => {
  const columns = Array.from({ length: 60 }, (_, index) => column(`c${index}`, 'text'));
  const pipeline = newPipeline('wide', COPY, [told('wide', '/in/wide.csv', { tables: [records(columns, 'wide')] })]);
  expect(modelText(pipeline.models[0]!)).toBe('SELECT * EXCLUDE (_offset, _length)\nFROM source."wide"\n');
  expect((await written(pipeline)).plan.models).toHaveLength(1);
});

test('fields whose names come out the same are told', () => {
  const report = {
    files: [fileReport('o.jsonl', { format: 'jsonl' })],
    tables: [records([column('a_b', 'text'), column('a_b_2', 'text', { field: 'a.b' })], 'o')],
  };
  const pipeline = newPipeline('o', COPY, [told('o', '/in/o.jsonl', report)]);
  expect(pipeline.leftOut).toEqual(['o: a.b']);
  expect(readmeText(pipeline)).toContain('`o: a.b`');
});

const PARTITIONED: Partial<CopyOptions> = {
  to: { kind: 'ducklake', path: '/out/a lake with a long name' },
  ...{ mode: 'delete-missing', missing: 'soft', vanishAtMost: 0.25, partitionBy: ['a', 'b'], key: ['a'] },
};

describe('what is written is formatted as this project is', () => {
  test.each([
    ['a small one', newPipeline('ventas', COPY, [ventas])],
    [
      'one with partitions',
      newPipeline('x', { ...COPY, ...PARTITIONED }, [
        told('x', '/in/x.json', {
          tables: [records([column('a', 'text')], 'x'), { name: 'x_l', list: 'l[]', columns: [column('q', 'text')] }],
        }),
      ]),
    ],
    [
      'names that need quotes, and long ones',
      newPipeline('x', { ...COPY, declare: { "it's": `date|D "de" MMM${'|YYYY-MM-DD'.repeat(12)}` } }, [
        told('x', `/in/${'long-'.repeat(12)}.csv`, {
          tables: [
            records(
              [column("it's", 'date', { origin: 'declared' }), column('a b', 'text'), column('z'.repeat(63), 'text')],
              'x',
            ),
          ],
        }),
      ]),
    ],
  ])('%s', async (_, pipeline) => {
    const text = definitionText(pipeline, 'Found.');
    const options = { parser: 'typescript', singleQuote: true, printWidth: 120 } as const;
    expect(text).toBe(await prettier.format(text, options));
    const readme = readmeText(pipeline);
    expect(readme).toBe(await prettier.format(readme, { parser: 'markdown', printWidth: 120 }));
    expect(readme).not.toContain('```');
  });
});
