import { execa } from 'execa';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { withSession } from '../../activities/duckdb/session.ts';
import { literal } from '../../activities/duckdb/identifiers.ts';
import { projectRoot } from '../../infra/setup/inventory.mjs';
import { isolated, receiptOf } from '../support/command.ts';
import { askSqlite } from '../support/staged.ts';
import { useDev, useHome } from './support/home.ts';
import { npmRun, run } from './support/typed.ts';

const home = useHome();
useDev(home);

const VENTAS = 'Venta ID;fecha;importe;nota\n1;2025-03-07;19.90;a\n2;2025-03-08;5;"b;c"\n007;2025-03-09;7.25;\n4;x\n';

beforeAll(() => {
  mkdirSync(home.beside('.'), { recursive: true });
  writeFileSync(home.beside('ventas.csv'), VENTAS);
  writeFileSync(home.beside('orders.jsonl'), '{"id":1,"items":[{"qty":1.50},{"qty":2}]}\n{"id":2,"items":[]}\n');
  writeFileSync(home.beside('broken.csv.gz'), Buffer.from('1f8b0800', 'hex'));
});

/** Typed in the folder beside the home, as `npm run` tells where one stood. */
const copy = (...args: string[]) => run(home.path, ['copy', ...args], { env: { INIT_CWD: home.beside('.') } });

async function askDuckdb(path: string, query: string): Promise<unknown[]> {
  return withSession(undefined, async (session) => {
    await session.run(`ATTACH ${literal(path)} AS published (READ_ONLY)`);
    await session.run('USE published');
    return (await session.rows(query)).map((row) => Object.values(row));
  });
}

test('one file into DuckDB: what is there, and what the screen says of it', async () => {
  const { exitCode, stdout, stderr } = await copy('ventas.csv', 'duckdb:out.duckdb?table=ventas');
  expect(exitCode, stderr + stdout).toBe(0);
  expect(await askDuckdb(home.beside('out.duckdb'), 'SELECT venta_id, importe FROM ventas ORDER BY ALL')).toEqual([
    ['007', '7.25'],
    ['1', '19.90'],
    ['2', '5.00'],
  ]);
  expect(stdout).toMatch(/│ ventas │ +4 │ +3 │ +1 │/);
  expect(stdout).toMatch(/^read +ventas\.csv: csv, .*utf-8$/m);
  expect(stdout).toMatch(/ventas\.venta_id +text +line 4 is no integer/);
  expect(stdout).toMatch(
    /ventas\.importe +decimal\(\d+,2\) +line 3|ventas\.importe +decimal\(\d+,2\) +line 2 is no integer/,
  );
  expect(stdout).toMatch(/^look +npm run acequia -- quarantine show [0-9a-f]{8}$/m);
  expect(stdout.split('\n').at(-1)).toMatch(
    /^next: {2}duckdb .*out\.duckdb .*asks it; npm run acequia -- init ventas --from-run=/,
  );
});

test('--json: the receipt alone, whose sums close; what was asked is part of it', async () => {
  const { exitCode, stdout } = await copy('ventas.csv', 'out.duckdb', '--table', 'ventas', '--json');
  expect(exitCode).toBe(0);
  const receipt = receiptOf(stdout);
  expect(receipt.accounted).toBe(true);
  expect(receipt.run.pipeline).toMatch(/^copy-duckdb\.out-ventas-[0-9a-f]{8}$/);
  expect(receipt.run.options?.copy).toMatchObject({ mode: 'replace', table: 'ventas' });
  expect(receipt.sources[0]).toMatchObject({ read: 4, staged: 3, quarantined: 1 });
  expect(receipt.results).toEqual([home.beside('out.duckdb')]);
});

test('nested records into SQLite, through npm', async () => {
  const env = { INIT_CWD: home.beside('.') };
  const typed = ['--silent', 'acequia', '--', 'copy', home.beside('orders.jsonl'), home.beside('out.db')];
  const { exitCode, stderr } = await npmRun(home.path, typed, { env });
  expect(exitCode, stderr).toBe(0);
  const rows = await askSqlite(home.beside('out.db'), 'SELECT qty FROM orders_items ORDER BY qty');
  expect(rows.map(Object.values)).toHaveLength(2);
  expect(await askSqlite(home.beside('out.db'), 'SELECT id FROM orders ORDER BY id')).toHaveLength(2);
});

test('several files become a table each in a folder of Parquet; one that fails costs its own, and exit 1', async () => {
  const { exitCode, stdout } = await copy('ventas.csv', 'broken.csv.gz', 'orders.jsonl', 'lake/');
  expect(exitCode).toBe(1);
  expect(existsSync(join(home.beside('lake'), 'ventas.parquet'))).toBe(true);
  expect(existsSync(join(home.beside('lake'), 'orders.parquet'))).toBe(true);
  expect(stdout).toMatch(/failed: 1 file could not be read, \d tables are loaded/);
  expect(stdout).toContain('broken');
});

test('a header without rows becomes a table without rows, wherever it goes; beside it the others are loaded', async () => {
  writeFileSync(home.beside('honly.csv'), 'a,b,c\n');
  writeFileSync(home.beside('two.csv'), 'id,v\n1,x\n2,y\n');
  const columns = async (relation: string): Promise<unknown> =>
    (await askDuckdb(home.beside('h.duckdb'), `DESCRIBE SELECT * FROM ${relation}`)).map((column) =>
      (column as string[]).slice(0, 2),
    );
  const texts = ['a', 'b', 'c'].map((name) => [name, 'VARCHAR']);
  for (const [to, ...flags] of [['h.duckdb'], ['h.db'], ['h.parquet', '--header'], ['empty/', '--header']]) {
    const from = to === 'h.parquet' ? ['honly.csv'] : ['honly.csv', 'two.csv'];
    const { exitCode, stdout, stderr } = await copy(...from, to ?? '', ...flags);
    expect(exitCode, stderr + stdout).toBe(0);
    expect(stdout).toMatch(/│ honly │ +0 │ +0 │ +0 │/);
    if (from.length > 1) expect(stdout).toMatch(/│ two +│ +2 │ +2 │ +0 │/);
  }
  expect(await columns('honly')).toEqual(texts);
  expect(await askSqlite(home.beside('h.db'), `SELECT name, type FROM pragma_table_info('honly')`)).toEqual(
    texts.map(([name, type]) => ({ name, type })),
  );
  for (const file of ['h.parquet', 'empty/honly.parquet'])
    expect(await columns(`read_parquet(${literal(home.beside(file))})`)).toEqual(texts);
});

test('a file that names no columns costs itself, at once', async () => {
  writeFileSync(home.beside('none.json'), '[]');
  writeFileSync(home.beside('two.csv'), 'id,v\n1,x\n2,y\n');
  const { exitCode, stdout } = await copy('none.json', 'two.csv', 'none.duckdb');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('The table none has no columns: there is not one record.');
  expect(await askDuckdb(home.beside('none.duckdb'), 'SELECT count(*) FROM two')).toEqual([['2']]);
});

test.each(['replace', 'merge'])('a row without its key is quarantined, the others are loaded: %s', async (mode) => {
  writeFileSync(home.beside('six.csv'), 'id,name,qty\n,aa,1\n10,zz,2\n');
  const to = `keys-${mode}.duckdb`;
  const { exitCode, stdout } = await copy('six.csv', to, '--key', 'id', '--mode', mode);
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain('six: 1 × id: blank where a value is required');
  expect(await askDuckdb(home.beside(to), 'SELECT * FROM six')).toEqual([['10', 'zz', '2']]);
});

test('a declared column stays where the file has it', async () => {
  const { exitCode } = await copy('ventas.csv', 'order.duckdb', '--declare', 'importe=decimal(10,2)');
  expect(exitCode).toBe(0);
  expect(
    (await askDuckdb(home.beside('order.duckdb'), 'DESCRIBE ventas')).map((column) => (column as string[])[0]),
  ).toEqual(['venta_id', 'fecha', 'importe', 'nota']);
});

test('modes: appended twice there are twice as many, merged by key there are none more', async () => {
  writeFileSync(home.beside('m.csv'), 'id,v\n1,a\n2,b\n');
  const rows = async (path: string): Promise<unknown> =>
    (await askDuckdb(home.beside(path), 'SELECT count(*) AS n, count(DISTINCT id) AS d FROM m'))[0];
  expect((await copy('m.csv', 'append.duckdb', '--mode', 'append')).exitCode).toBe(0);
  writeFileSync(home.beside('m.csv'), 'id,v\n2,c\n3,d\n');
  expect((await copy('m.csv', 'append.duckdb', '--mode', 'append')).exitCode).toBe(0);
  expect(await rows('append.duckdb')).toEqual(['4', '3']);
  for (const text of ['id,v\n1,a\n2,b\n', 'id,v\n2,c\n3,d\n']) {
    writeFileSync(home.beside('m.csv'), text);
    expect((await copy('m.csv', 'merge.duckdb?mode=merge&key=id')).exitCode).toBe(0);
  }
  expect(await rows('merge.duckdb')).toEqual(['3', '3']);
});

test('delete-missing: what is gone is told; where too much would vanish nothing is changed', async () => {
  const load = async (text: string, ...flags: string[]) => {
    writeFileSync(home.beside('gone.csv'), text);
    return copy('gone.csv', 'gone.duckdb', '--mode=delete-missing', '--missing=hard', '--key=id', ...flags);
  };
  const there = () => askDuckdb(home.beside('gone.duckdb'), 'SELECT * FROM gone ORDER BY id');
  expect((await load('id,v\n1,a\n2,b\n3,c\n4,d\n')).exitCode).toBe(0);
  const next = await load('id,v\n1,a\n2,changed\n3,c\n5,e\n', '--vanish-at-most', '25%');
  expect(next.stdout).toContain('published: 1 row added, 1 changed, 1 gone, 2 there already in 1 table');
  const before = await there();
  expect(before).toEqual([
    ['1', 'a'],
    ['2', 'changed'],
    ['3', 'c'],
    ['5', 'e'],
  ]);
  const { exitCode, stdout } = await load('id,v\n1,a\n2,b\n');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('2 of 4 rows of gone would vanish');
  expect(stdout.split('\n').at(-1)).toMatch(/^next: .*a larger --vanish-at-most$/);
  expect(await there()).toEqual(before);
});

test('scd2: versions stay, and the same files change nothing', async () => {
  const load = async (text: string) => {
    writeFileSync(home.beside('versions.csv'), text);
    return copy('versions.csv', 'versions.duckdb?mode=scd2&key=id', '--missing=keep');
  };
  await load('id,v\n1,a\n2,b\n');
  expect((await load('id,v\n1,z\n')).stdout).toContain('published: 0 rows added, 1 changed in 1 table');
  expect((await load('id,v\n1,z\n')).stdout).toContain('nothing new, 1 row was there already');
  expect(
    await askDuckdb(home.beside('versions.duckdb'), 'SELECT id, v, is_current FROM versions ORDER BY id, is_current'),
  ).toEqual([
    ['1', 'a', false],
    ['1', 'z', true],
    ['2', 'b', true],
  ]);
});

test('rows of one key: the latest is loaded, the others are counted and are no bad rows', async () => {
  writeFileSync(home.beside('again.csv'), 'id,at,v\n1,2025-01-02,new\n1,2025-01-01,old\n2,,b\n1,2025-01-02,ned\n');
  const asked = ['again.csv', 'again.duckdb', '--key=id', '--keep-latest-by', 'at'];
  const { exitCode, stdout } = await copy(...asked);
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toMatch(/│ again │ +4 │ +2 │ +0 │/);
  expect(stdout).toMatch(/^deduplicated again: 2 rows of whose key a later one was taken$/m);
  expect(stdout).toContain('copy-duckdb.again-again-');
  expect(stdout).not.toContain('needs attention');
  expect(await askDuckdb(home.beside('again.duckdb'), 'SELECT id, v FROM again ORDER BY id')).toEqual([
    ['1', 'new'],
    ['2', 'b'],
  ]);
  const receipt = receiptOf((await copy(...asked, '--json')).stdout);
  expect(receipt).toMatchObject({
    accounted: true,
    sources: [{ read: 4, staged: 2, quarantined: 0, deduplicated: 2 }],
    tables: [{ source: 'again', rows: 2, deduplicated: 2 }],
  });
});

test('a setting that leads to a server is not set: told before anything is read, exit 2', async () => {
  const { exitCode, stdout } = await copy('ventas.csv', 'postgres:NOWHERE_URL/raw');
  expect(exitCode, stdout).toBe(2);
  expect(stdout).toContain('The setting NOWHERE_URL, which leads to the destination, is not set.');
  expect(stdout.split('\n').at(-1)).toMatch(/^next: {2}set NOWHERE_URL to postgresql:/);
});

test('standard input becomes the table "stdin", and its bytes are kept for the run', async () => {
  const { exitCode, stdout } = await execa('node', ['infra/setup/launch.mjs', 'copy', '-', 'piped.duckdb', '--json'], {
    cwd: projectRoot(),
    env: { ...isolated(home.path), INIT_CWD: home.beside('.') },
    input: 'a,b\n1,x\n',
    reject: false,
  });
  expect(exitCode, stdout).toBe(0);
  expect(await askDuckdb(home.beside('piped.duckdb'), 'SELECT a, b FROM stdin')).toEqual([['1', 'x']]);
  const [kept = ''] = receiptOf(stdout).run.options?.copy?.from ?? [];
  expect(readFileSync(kept, 'utf8')).toBe('a,b\n1,x\n');
});

test('--dry-run reads and proves, and makes nothing', async () => {
  const { exitCode, stdout } = await copy('ventas.csv', 'never.duckdb', '--dry-run');
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain('nothing published as asked');
  expect(existsSync(home.beside('never.duckdb'))).toBe(false);
});

test('--detach starts the copy and leaves; the next start meets it or its result', async () => {
  const { exitCode, stdout } = await copy('ventas.csv', 'later.duckdb', '--detach', '--json');
  expect(exitCode).toBe(0);
  expect((JSON.parse(stdout) as { run: { pipeline: string } }).run.pipeline).toMatch(/^copy-duckdb\.later-ventas-/);
  const joined = await copy('ventas.csv', 'later.duckdb', '--wait');
  expect(joined.exitCode).toBe(0);
  expect(existsSync(home.beside('later.duckdb'))).toBe(true);
});

test.each([
  [['ventas.csv', 'out.xyz'], /its ending "\.xyz"/],
  [['ventas.csv', 'mysql:x'], /Nothing is copied to "mysql:"/],
  [['ventas.csv', 'out.duckdb?table=a', '--table', 'b'], /says table=a, and --table says b/],
  [['ventas.csv', 'out.duckdb', '--mode', 'merge'], /merge needs/],
  [['ventas.csv', 'out.duckdb', '--missing', 'hard'], /--missing means nothing for replace/],
  [['ventas.csv', 'postgresql://ana:secret@db/shop'], /^[^]*holds a password(?![^]*secret)/],
  [['ventsa.csv', 'out.duckdb'], /There is no "ventsa\.csv"/],
  [['ventas.csv'], /copy needs <from\.\.\.> <to>/],
  [['ventas.csv', 'out.duckdb', '--tabel', 'x'], /no flag --tabel. Did you mean --table/],
])('%j is refused with exit 2 before anything runs', async (args, message) => {
  const { exitCode, stdout, stderr } = await copy(...args);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});
