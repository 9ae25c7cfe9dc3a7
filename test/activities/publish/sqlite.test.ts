import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadExtension } from '../../../activities/duckdb/extensions.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import type { TablePlan } from '../../../workflows/definition/index.ts';
import { askSqlite, changeSqlite, stage } from '../../support/staged.ts';
import { DESTINATIONS, place, table } from './destinations.ts';
import { cancelledAt, cities, CITIES, counts, sales, shop } from './shop.ts';

test('tables appear with keys, references, indexes, exact values and a ledger', async () => {
  const { folder, path, publish } = await shop();
  const published = await publish('run-1', [
    await stage(folder, 'cities', cities),
    await stage(folder, 'sales', sales()),
  ]);
  expect(counts(published)).toEqual([
    ['cities', 3, 3, 0, 0, 0],
    ['sales', 100, 100, 0, 0, 0],
  ]);
  expect(await askSqlite(path, 'SELECT *, typeof(price) AS kind FROM sales ORDER BY sale_id LIMIT 2')).toEqual([
    {
      sale_id: '1',
      city_id: '1',
      day: '2025-03-07',
      price: '12.3',
      exact: '12345678901234567890.1234',
      note: null,
      kind: 'real',
    },
    {
      sale_id: '2',
      city_id: '2',
      day: '2025-03-07',
      price: '12.3',
      exact: '12345678901234567890.1234',
      note: '',
      kind: 'real',
    },
  ]);
  expect(await askSqlite(path, `SELECT "from", "table", "to" FROM pragma_foreign_key_list('sales')`)).toEqual([
    { from: 'city_id', table: 'cities', to: 'city_id' },
  ]);
  expect(await askSqlite(path, `SELECT name FROM pragma_index_list('sales') WHERE origin = 'c' ORDER BY name`)).toEqual(
    [{ name: 'sales_city_id' }, { name: 'sales_day_city_id' }],
  );
  expect(
    await askSqlite(path, 'SELECT table_name, run_id, rows, load_id FROM _acequia_ledger ORDER BY sequence'),
  ).toEqual(
    published.map(({ name, rows, loadId }) => ({
      table_name: name,
      run_id: 'run-1',
      rows: String(rows),
      load_id: loadId,
    })),
  );
});

describe('decimals of more than 15 digits by their type', () => {
  const amounts = (...values: readonly (string | null)[]): string =>
    `SELECT unnest([${values.map((value) => (value === null ? 'NULL' : `'${value}'`)).join(', ')}])::DECIMAL(18,2) AS amount`;
  const asked = (path: string) => askSqlite(path, 'SELECT amount, typeof(amount) AS kind FROM sales ORDER BY amount');

  test('are numbers where all of them come back, so that they order and add up as numbers', async () => {
    const { path, load } = await place(DESTINATIONS[0]!);
    await load(table('replace'), amounts('5.00', '19.90', '-9999999999999.99', null));
    expect(await asked(path)).toEqual([
      { amount: null, kind: 'null' },
      { amount: '-9999999999999.99', kind: 'real' },
      { amount: '5.0', kind: 'real' },
      { amount: '19.9', kind: 'real' },
    ]);
  });

  test('are texts where one does not; noughts at the end are no digits', async () => {
    const { path, load } = await place(DESTINATIONS[0]!);
    await load(table('replace'), amounts('1234567890123400.00'));
    expect(await asked(path)).toMatchObject([{ kind: 'real' }]);
    await load(table('replace'), amounts('5.00', '12345678901234.56'));
    expect(await asked(path)).toEqual([
      { amount: '12345678901234.56', kind: 'text' },
      { amount: '5.00', kind: 'text' },
    ]);
  });

  test('are texts where rows are added: nobody knows what comes', async () => {
    const { path, load } = await place(DESTINATIONS[0]!);
    await load(table('append'), amounts('5.00'));
    await load(table('append'), amounts('1234567890123456.78'));
    expect(await asked(path)).toMatchObject([{ kind: 'text' }, { kind: 'text' }]);
  });

  test('are refused where the table holds numbers and they would not come back', async () => {
    const { path, load } = await place(DESTINATIONS[0]!);
    await load(table('replace'), amounts('5.00'));
    await load(table('append'), amounts('6.50'));
    await expect(load(table('append'), amounts('7.00', '1234567890123456.78'))).rejects.toThrow(
      'amount: DECIMAL(18,2) in the load, DOUBLE in the table; 1 value does not go in',
    );
    expect(await asked(path)).toHaveLength(2);
  });
});

test('the same run again does nothing and gives the same answer', async () => {
  const { folder, path, publish } = await shop();
  const tables = [await stage(folder, 'cities', cities), await stage(folder, 'sales', sales())];
  const first = await publish('run-1', tables);
  const bytes = await readFile(path);
  expect(await publish('run-1', tables)).toEqual(first);
  expect(await readFile(path)).toEqual(bytes);
});

test('a later run with the same rows changes nothing and says so', async () => {
  const { folder, path, publish } = await shop();
  const tables = [await stage(folder, 'cities', cities), await stage(folder, 'sales', sales())];
  await publish('run-1', tables);
  const bytes = await readFile(path);
  expect(counts(await publish('run-2', tables))).toEqual([
    ['cities', 3, 0, 0, 3, 0],
    ['sales', 100, 0, 0, 100, 0],
  ]);
  expect(await readFile(path)).toEqual(bytes);
  expect(counts(await publish('run-3', tables, { fullRefresh: ['sales'] }))[1]).toEqual(['sales', 100, 0, 0, 100, 0]);
  expect(
    await askSqlite(path, "SELECT run_id FROM _acequia_ledger WHERE table_name = 'sales' ORDER BY sequence"),
  ).toEqual([{ run_id: 'run-1' }, { run_id: 'run-3' }]);
});

test('changed, new and vanished rows are counted by key', async () => {
  const { folder, publish } = await shop();
  const city = await stage(folder, 'cities', cities);
  await publish('run-1', [city, await stage(folder, 'sales', sales())]);
  const next = `SELECT * REPLACE (CASE WHEN sale_id <= 10 THEN 99.99 ELSE price END::DECIMAL(10,2) AS price) FROM (${sales()}) WHERE sale_id > 5
                UNION ALL SELECT * REPLACE (sale_id + 1000 AS sale_id) FROM (${sales()}) WHERE sale_id <= 7`;
  expect(counts(await publish('run-2', [city, await stage(folder, 'sales', next)]))[1]).toEqual([
    'sales',
    102,
    7,
    5,
    90,
    5,
  ]);
});

test('rows and structure changed by hand are put right', async () => {
  const { folder, path, publish } = await shop();
  const tables = [await stage(folder, 'cities', cities), await stage(folder, 'sales', sales())];
  const [, first] = await publish('run-1', tables);
  await changeSqlite(path, 'UPDATE sales SET price = 0 WHERE sale_id = 7');
  expect(counts(await publish('run-2', tables))[1]).toEqual(['sales', 100, 0, 1, 99, 0]);
  await changeSqlite(path, 'DROP INDEX sales_city_id');
  const [, again] = await publish('run-3', tables);
  expect(again?.digest).toBe(first?.digest);
  expect(await askSqlite(path, `SELECT count(*) AS n FROM pragma_index_list('sales') WHERE origin = 'c'`)).toEqual([
    { n: '2' },
  ]);
});

test('going back to earlier rows publishes them again', async () => {
  const { folder, path, publish } = await shop();
  const city = await stage(folder, 'cities', cities);
  const [cheap, dear] = [await stage(folder, 'sales', sales()), await stage(folder, 'sales', sales('45.60'))];
  await publish('run-1', [city, cheap]);
  await publish('run-2', [city, dear]);
  await publish('run-3', [city, cheap]);
  expect(await askSqlite(path, 'SELECT DISTINCT price FROM sales')).toEqual([{ price: '12.3' }]);
});

test('a ledger of an earlier version is taught what it lacks', async () => {
  const { folder, path, publish } = await shop();
  const city = await stage(folder, 'cities', cities);
  await publish('run-1', [city, await stage(folder, 'sales', sales())]);
  await changeSqlite(path, 'ALTER TABLE _acequia_ledger DROP COLUMN made');
  await changeSqlite(path, 'ALTER TABLE _acequia_ledger DROP COLUMN load_mode');
  const next = [city, await stage(folder, 'sales', sales('45.60'))];
  expect(counts(await publish('run-2', next))[1]).toEqual(['sales', 100, 0, 100, 0, 0]);
  expect(
    await askSqlite(path, "SELECT run_id, load_mode, made FROM _acequia_ledger WHERE table_name = 'sales' ORDER BY 1"),
  ).toEqual([
    { run_id: 'run-1', load_mode: null, made: null },
    { run_id: 'run-2', load_mode: 'replace', made: '1' },
  ]);
});

test('a load that was asked for before what is there is refused', async () => {
  const { folder, path, publish } = await shop();
  const city = await stage(folder, 'cities', cities);
  await publish('run-2', [city, await stage(folder, 'sales', sales())], { requestedAt: '2026-01-02T00:00:00.000Z' });
  await expect(publish('run-1', [city, await stage(folder, 'sales', sales('1.00'))])).rejects.toMatchObject({
    type: 'Superseded',
  });
  expect(await askSqlite(path, 'SELECT DISTINCT price FROM sales')).toEqual([{ price: '12.3' }]);
});

test('tables of others in the same file are left alone', async () => {
  const { folder, path, publish } = await shop();
  const tables = [await stage(folder, 'cities', cities), await stage(folder, 'sales', sales())];
  await publish('run-1', tables);
  await changeSqlite(path, 'CREATE TABLE mine AS SELECT 42 AS answer');
  await publish('run-2', [tables[0]!, await stage(folder, 'sales', sales('7.00'))]);
  expect(await askSqlite(path, 'SELECT answer FROM mine')).toEqual([{ answer: '42' }]);
});

describe('what cannot be published leaves everything as it was', () => {
  test('one table that fails takes back the others', async () => {
    const { folder, path, publish } = await shop();
    const city = await stage(folder, 'cities', cities);
    await publish('run-1', [city, await stage(folder, 'sales', sales())]);
    const doubled = await stage(folder, 'sales', `${sales('1.00')} UNION ALL ${sales('1.00')}`);
    await expect(publish('run-2', [await stage(folder, 'cities', `${cities} LIMIT 1`), doubled])).rejects.toThrow(
      /UNIQUE/,
    );
    expect(await askSqlite(path, 'SELECT count(*) AS n FROM cities')).toEqual([{ n: '3' }]);
  });

  test('NaN, which SQLite would turn into NULL', async () => {
    const { folder, publish } = await shop();
    const table: TablePlan = { ...CITIES, columns: [CITIES.columns[0]!, { name: 'heat', type: 'DOUBLE' }] };
    const rows = await stage(folder, 'cities', "SELECT 1::BIGINT AS city_id, 'nan'::DOUBLE AS heat");
    const destination = { name: 'x.db', kind: 'sqlite' as const, path: join(folder, 'x.db'), tables: [table] };
    await expect(publish('run-1', [rows], { destination })).rejects.toThrow(/NaN in column heat/);
  });

  test.each(['preparing sales', 'publishing sales'])('a run cancelled while %s', async (step) => {
    const { folder, path, publish } = await shop();
    const city = await stage(folder, 'cities', cities);
    await publish('run-1', [city, await stage(folder, 'sales', sales())]);
    const next = [city, await stage(folder, 'sales', sales('1.00'))];
    await expect(publish('run-2', next, {}, cancelledAt(step))).rejects.toThrow('cancelled');
    expect(await askSqlite(path, 'SELECT DISTINCT price FROM sales')).toEqual([{ price: '12.3' }]);
    expect(counts(await publish('run-2', next))[1]).toEqual(['sales', 100, 0, 100, 0, 0]);
  });

  test.each([
    [
      'a folder in its place',
      async (path: string) => {
        await mkdir(path, { recursive: true });
      },
      /there is a folder/,
    ],
    [
      'a file of another kind',
      async (path: string) => {
        await mkdir(join(path, '..'), { recursive: true });
        await writeFile(path, 'my notes, quite long ones');
      },
      /a file of another kind/,
    ],
  ])('%s', async (_, prepare, message) => {
    const { folder, path, publish } = await shop();
    await prepare(path);
    const tables = [await stage(folder, 'cities', cities), await stage(folder, 'sales', sales())];
    await expect(publish('run-1', tables)).rejects.toMatchObject({
      type: 'DestinationUnwritable',
      message: expect.stringMatching(message) as string,
    });
  });

  test.each([
    ['table', 'CREATE TABLE sales AS SELECT 42 AS answer'],
    ['view', 'CREATE VIEW Sales AS SELECT 42 AS answer'],
  ])('a %s of somebody else under the same name', async (kind, statement) => {
    const { folder, path, publish } = await shop();
    await mkdir(join(folder, 'out'));
    await changeSqlite(path, statement);
    const tables = [await stage(folder, 'cities', cities), await stage(folder, 'sales', sales())];
    const found = expect.stringContaining(`a ${kind} "sales" that Acequia did not make`) as string;
    await expect(publish('run-1', tables)).rejects.toMatchObject({ type: 'DestinationNotOurs', message: found });
    expect(await askSqlite(path, 'SELECT answer FROM sales')).toEqual([{ answer: '42' }]);
  });

  test('a file where a folder should be', async () => {
    const { folder, publish } = await shop();
    await writeFile(join(folder, 'out'), 'in the way');
    const tables = [await stage(folder, 'cities', cities), await stage(folder, 'sales', sales())];
    await expect(publish('run-1', tables)).rejects.toMatchObject({ type: 'DestinationUnwritable' });
  });

  test('a database that another process is writing is tried again later', async () => {
    const { folder, path, publish } = await shop();
    const tables = [await stage(folder, 'cities', cities), await stage(folder, 'sales', sales())];
    await publish('run-1', tables);
    const changed = [tables[0]!, await stage(folder, 'sales', sales('3.00'))];
    await withSession(undefined, async (session) => {
      await loadExtension(session, 'sqlite_scanner');
      await session.run(`ATTACH '${path}' AS busy (TYPE sqlite)`);
      await session.run('BEGIN');
      await session.run("INSERT INTO busy.cities VALUES (99, 'held')");
      await expect(publish('run-2', changed)).rejects.toMatchObject({ type: 'DestinationBusy' });
      await session.run('ROLLBACK');
    });
    expect(counts(await publish('run-2', changed))[1]).toEqual(['sales', 100, 0, 100, 0, 0]);
  });
});
