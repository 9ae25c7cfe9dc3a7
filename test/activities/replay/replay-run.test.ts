import { existsSync } from 'node:fs';
import { appendFile, chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { findStoredRun, storedRuns } from '../../../client/cli/runs/stored-runs.ts';
import type { CopyOptions } from '../../../workflows/definition/index.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { askDuckdb } from '../../support/staged.ts';
import { useTimeSkipping } from '../../support/time-skipping.ts';
import { DEFINITION, MODELS, Shop } from './shop.ts';

const time = useTimeSkipping();

let shop: Shop;

beforeEach(async () => {
  shop = await Shop.make(time);
});

/** What the lake holds besides receipts and reports, and what was published. */
const left = async () =>
  (await readdir(shop.folder, { recursive: true }))
    .filter((name) => /^(lake|out)\//.test(name) && !/receipts|reports/.test(name))
    .sort();

describe('a pipeline', () => {
  test('whose definition is the same: nothing differs, nothing is published, nothing is left but the account', async () => {
    const past = await shop.run();
    // What the run had is gone: a replay has its own.
    await rm(shop.path('inbox'), { recursive: true });
    const before = [await left(), await readFile(shop.path('out/shop/shop.duckdb'))];
    const { receipt, difference } = await shop.replay(past);
    expect(difference.tables).toMatchObject([
      { name: 'orders', state: 'compared', key: ['id'], added: 0, removed: 0, changed: 0, unchanged: 3, structure: 0 },
      { name: 'days', key: ['day'], added: 0, removed: 0, changed: 0, unchanged: 2, structure: 0, columns: [] },
    ]);
    expect(receipt.replay).toMatchObject({ runId: past.run.runId, tables: [{ unchanged: 3 }, { unchanged: 2 }] });
    expect(receipt.run).toMatchObject({
      asOf: '2025-02-01',
      outcome: 'warned',
      options: { replayOf: { runId: past.run.runId } },
    });
    expect(receipt.sources).toMatchObject([
      { read: 4, staged: 3, quarantined: 1, files: 2, report: null, quarantine: null },
    ]);
    expect(receipt.sources[0]?.digest).toBe(past.sources[0]?.digest);
    expect(receipt.steps.map(({ name }) => name)).toEqual(['plan', 'ingest', 'transform', 'check', 'compare']);
    expect([await left(), await readFile(shop.path('out/shop/shop.duckdb'))]).toEqual(before);
  });

  test('is really run again: what the run has made is not taken for the result', async () => {
    const past = await shop.run();
    const [stored = ''] = past.tables.find(({ name }) => name === 'days')?.stored ?? [];
    const orders = fileURLToPath(past.tables.find(({ name }) => name === 'orders')?.stored[0] ?? '');
    // The same rows under another key would be found, were the lake asked for them.
    await chmod(orders, 0o600);
    await writeFile(orders, await readFile(fileURLToPath(stored)));
    const { difference } = await shop.replay(past);
    expect(difference.tables.find(({ name }) => name === 'orders')).toMatchObject({ structure: 4 });
  });

  test('whose model changed: exactly the changed cells', async () => {
    const past = await shop.run();
    await shop.define(undefined, {
      'models/orders.sql': MODELS['models/orders.sql'].replace(
        'amount,',
        'CASE WHEN id = 2 THEN 21.50 ELSE amount END AS amount,',
      ),
    });
    const { difference } = await shop.replay(past);
    const [orders, days] = difference.tables;
    expect(orders).toMatchObject({ added: 0, removed: 0, changed: 1, unchanged: 2 });
    expect(orders?.examples.changed).toEqual([{ key: { id: '2' }, column: 'amount', then: '20.50', now: '21.50' }]);
    expect(days?.examples.changed).toEqual([
      { key: { day: '2025-01-01' }, column: 'total', then: '30.50', now: '31.50' },
    ]);
  });

  test('whose contract changed: what it takes in, and the type', async () => {
    const past = await shop.run();
    await shop.define(DEFINITION.replace("'date!'", "{ type: 'text!' }"), {
      'models/orders.sql': 'SELECT id, day, amount FROM source.orders\n',
    });
    const { difference } = await shop.replay(past);
    const orders = difference.tables.find(({ name }) => name === 'orders');
    expect(orders).toMatchObject({ added: 1, removed: 0, changed: 0, unchanged: 3 });
    expect(orders?.columns).toEqual([
      { name: 'day', then: 'DATE', now: 'VARCHAR', changed: 0 },
      { name: 'age', then: 'BIGINT', now: null, changed: 0 },
    ]);
    expect(orders?.examples.added).toMatchObject([{ id: '3', day: 'soon', amount: '1.00' }]);
  });

  test('as of another day, and with tables that came and went', async () => {
    const past = await shop.run();
    await shop.define(DEFINITION.replace('    days: {', '    daily: {'), {
      'models/daily.sql': 'SELECT * FROM inner_days\n',
    });
    await rm(shop.path('pipelines/shop/models/days.sql'));
    const { difference } = await shop.replay(past, '2025-02-02');
    expect(difference.tables).toMatchObject([
      { name: 'orders', changed: 3, columns: [{ name: 'age', changed: 3 }] },
      { name: 'daily', state: 'new', added: 2 },
      { name: 'days', state: 'gone', removed: 2 },
    ]);
    expect([difference.then.asOf, difference.now.asOf]).toEqual(['2025-02-01', '2025-02-02']);
  });

  test('whose path changed: the files that it would have taken', async () => {
    const past = await shop.run();
    await shop.define(
      DEFINITION.replace('orders_*', 'orders_1*')
        .replace('orders: csv', 'renamed: csv')
        .replace("onePer: 'orders'", "onePer: 'renamed'"),
      {
        'models/orders.sql': MODELS['models/orders.sql'].replace('source.orders', 'source.renamed'),
      },
    );
    expect((await shop.replay(past)).difference.tables).toMatchObject([
      { name: 'orders', removed: 1, unchanged: 2 },
      {},
    ]);
    await shop.define(DEFINITION.replace('orders_*', 'refunds_*'));
    await expect(shop.replay(past)).rejects.toMatchObject({
      cause: {
        type: 'SourceMissing',
        message: expect.stringMatching(
          /has read no file that the source orders would take[^]*in\/orders_1\.csv/,
        ) as string,
      },
    });
  });

  test('that a check would stop today: the difference is shown all the same', async () => {
    const past = await shop.run();
    await shop.define(undefined, { 'models/days.sql': "SELECT DATE '2025-01-01' AS day, total FROM inner_days\n" });
    const { receipt, difference } = await shop.replay(past);
    expect(receipt.run.outcome).toBe('blocked');
    expect(difference.tables[1]).toMatchObject({
      name: 'days',
      keyless: expect.stringContaining('repeats') as string,
      added: 1,
      removed: 1,
    });
  });

  test('with corrected rows: they are read as they were handed in', async () => {
    await shop.put('corrections/abc', { 'fix.csv': 'id,day,amount\n3,2025-01-03,1.00\n' });
    const path = shop.path('corrections/abc/fix.csv');
    const past = await shop.run({ corrections: { orders: [{ path }] } });
    await writeFile(path, 'id,day,amount\n3,2025-01-03,9.00\n');
    const { receipt, difference } = await shop.replay(past);
    expect(receipt.sources).toMatchObject([{ read: 5, files: 3, digest: past.sources[0]?.digest }]);
    expect(difference.tables[0]).toMatchObject({ changed: 0, unchanged: 4 });
  });
});

describe('what is needed and not there as it was', () => {
  const landed = async (past: Receipt, name: string) => {
    const report = JSON.parse(await readFile(fileURLToPath(past.sources[0]?.report ?? ''), 'utf8')) as {
      files: { name: string; landing: string }[];
    };
    return fileURLToPath(report.files.find((file) => file.name === name)?.landing ?? '');
  };

  test('altered bytes stop it, and are named', async () => {
    const past = await shop.run();
    const path = await landed(past, 'in/orders_1.csv');
    await chmod(path, 0o600);
    await appendFile(path, '9,2025-01-01,1.00\n');
    await expect(shop.replay(past)).rejects.toMatchObject({
      cause: {
        type: 'SourceCorrupt',
        message: expect.stringContaining('The landed bytes of in/orders_1.csv are not those') as string,
      },
    });
    expect((await readdir(shop.path('lake/incoming'))).filter((name) => name.startsWith('replay'))).toEqual([]);
  });

  test.each([
    ['landed bytes', 'landing', 'in/orders_1.csv'],
    ['published rows', 'staging', 'the rows of orders as they were published'],
  ])('%s that retention has removed', async (_title, part, what) => {
    const past = await shop.run();
    await rm(
      part === 'landing' ? await landed(past, 'in/orders_1.csv') : fileURLToPath(past.tables[0]?.stored[0] ?? ''),
    );
    const record = {
      version: 1,
      at: '2999-01-01T00:00:00Z',
      finishedAt: null,
      retention: { [part]: '7d' },
      freed: {},
      going: [],
    };
    await shop.put('lake/clean-ups', { 'x.json': JSON.stringify(record) });
    await expect(shop.replay(past)).rejects.toMatchObject({
      cause: {
        type: 'SourceMissing',
        message: expect.stringMatching(new RegExp(`^Retention has removed ${what}[^]*${part}=7d`)) as string,
      },
    });
  });
});

test('a replay is found by its id, and is never taken for a run of the pipeline', async () => {
  const past = await shop.run();
  const { receipt } = await shop.replay(past);
  const place = { lake: shop.lake, name: 'dev' };
  expect((await storedRuns(place)).map(({ runId }) => runId)).toEqual([past.run.runId]);
  for (const word of ['latest', 'shop']) expect((await findStoredRun(word, place)).runId).toBe(past.run.runId);
  expect(await findStoredRun(receipt.run.runId, place)).toMatchObject({ runId: receipt.run.runId, isReplay: true });
  expect(existsSync(shop.path('alerts.log')) && (await readFile(shop.path('alerts.log'), 'utf8'))).not.toContain(
    'replay',
  );
});

describe('a copy', () => {
  const copyOf = async (options: Partial<CopyOptions> & Pick<CopyOptions, 'from'>): Promise<Receipt> => {
    const copy: CopyOptions = {
      to: { kind: 'duckdb', path: shop.path('copied.duckdb') },
      ...{ mode: 'replace', key: [], declare: {} },
      ...options,
    };
    return shop.ended('copy-duckdb.x', { copy });
  };

  test('of files and lists, each with its table, as whole rows or by key', async () => {
    await shop.put('c', { 'a.csv': 'x,y\n1,a\n1,a\n', 'b.jsonl': '{"k":1,"items":[{"q":1},{"q":2}]}\n' });
    const past = await copyOf({ from: [shop.path('c')] });
    await rm(shop.path('c'), { recursive: true });
    const { difference, receipt } = await shop.replay(past);
    expect(receipt.run.workflowId).not.toBe('');
    expect(
      difference.tables.map(({ name, unchanged, added, removed, key }) => [name, unchanged, added + removed, key]),
    ).toEqual([
      ['a', 2, 0, []],
      ['b', 1, 0, []],
      ['b_items', 2, 0, ['_parent', '_position']],
    ]);
    expect((await askDuckdb(shop.path('copied.duckdb'), 'SELECT count(*) AS n FROM a'))[0]).toEqual({ n: '2' });
  });

  test('into one table by a glob', async () => {
    await shop.put('c', { 'p_1.csv': 'k,v\n1,a\n', 'p_2.csv': 'k,v\n2,b\n', '_q.csv': 'k,v\n3,c\n' });
    const past = await copyOf({ from: [shop.path('c/p_*.csv')], table: 'p', key: ['k'] });
    const { difference } = await shop.replay(past);
    expect(difference.tables).toMatchObject([
      { name: 'p', key: ['k'], unchanged: 2, added: 0, removed: 0, changed: 0 },
    ]);
  });
});
