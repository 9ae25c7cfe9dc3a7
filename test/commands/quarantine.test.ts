import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { receiptOf } from '../support/command.ts';
import { askSqlite } from '../support/staged.ts';
import { useDev, useHome } from './support/home.ts';
import { copySample } from './support/sample.ts';
import { run } from './support/typed.ts';

const home = useHome();
useDev(home);

const typed = (...args: string[]) => run(home.path, args, { env: { INIT_CWD: home.beside('.') } });
const quarantine = (...args: string[]) => typed('quarantine', ...args);

beforeAll(async () => {
  mkdirSync(home.beside('.'), { recursive: true });
  const { exitCode, stderr } = await typed('start-workflow', 'sales', ...copySample(home.beside('inbox')), '--any-age');
  expect(exitCode, stderr).toBe(0);
});

test('list and show: the run, its sources, and every row with its place and reason', async () => {
  const list = await quarantine('list', 'sales');
  expect(list.exitCode).toBe(0);
  expect(list.stdout).toMatch(/│ sales +│ ventas +│ +93 │ .*duplicate venta_id/);
  const show = await quarantine('show', 'latest', '--source', 'ventas', '--limit', '3');
  expect(show.exitCode).toBe(0);
  expect(show.stdout.match(/^ {2}.*ventas\.csv:\d+ \(byte [\d,]+\) {2}/gm)).toHaveLength(3);
  expect(show.stdout).toContain('… and 90 more');
  const { stdout } = await quarantine('show', 'sales', '--source', 'ventas', '--limit', '1000', '--json');
  expect((JSON.parse(stdout) as { rows: unknown[] }).rows).toHaveLength(93);
});

test('export, correct, replay: the corrected rows are loaded, the others as before', async () => {
  const before = (await askSqlite<{ n: string }>(home.database, 'SELECT count(*) AS n FROM ventas'))[0]?.n;
  const exported = await quarantine('export', 'sales', 'fix.csv', '--source=ventas');
  expect(exported.exitCode, exported.stderr).toBe(0);
  const [head = '', ...lines] = readFileSync(home.beside('fix.csv'), 'utf8').trimEnd().split('\n');
  expect(head).toBe(
    '_file,_line,_offset,_reason,_record,venta_id,fecha,cliente_id,producto_id,cantidad,precio_unitario',
  );
  expect(lines.length).toBeGreaterThanOrEqual(93);
  const corrected = `${head}\nventas.csv,1,1,mended,,900001,2025-03-07,,prod1,1,9.90\n`;
  writeFileSync(home.beside('fix.csv'), corrected);
  const replay = await quarantine('replay', 'sales', 'fix.csv', '--source=ventas', '--any-age', '--json');
  expect(replay.exitCode, replay.stderr).toBe(0);
  const receipt = receiptOf(replay.stdout);
  expect(receipt.accounted).toBe(true);
  expect(receipt.sources.find(({ name }) => name === 'ventas')).toMatchObject({
    read: 5_501,
    quarantined: 93,
    files: 2,
  });
  const rows = await askSqlite(home.database, 'SELECT venta_id, cantidad FROM ventas WHERE venta_id = 900001');
  expect(rows.map(Object.values)).toEqual([['900001', '1']]);
  const after = (await askSqlite<{ n: string }>(home.database, 'SELECT count(*) AS n FROM ventas'))[0]?.n;
  expect(Number(after)).toBe(Number(before) + 1);
});

test('replay of a copy that merges brings the corrected records into its table', async () => {
  writeFileSync(home.beside('m.csv'), 'id,day\n1,2025-01-01\n2,soon\n');
  const copied = await typed('copy', 'm.csv', 'sqlite:m.db?mode=merge&key=id', '--declare', 'day=date');
  expect(copied.exitCode, copied.stdout).toBe(0);
  expect((await quarantine('export', 'latest', 'm-fix.csv')).exitCode).toBe(0);
  const text = readFileSync(home.beside('m-fix.csv'), 'utf8');
  expect(text).toContain('soon');
  writeFileSync(
    home.beside('m-fix.csv'),
    text.replace(/^(m\.csv.*)soon/m, (_, before: string) => `${before}2025-01-02`),
  );
  const replay = await quarantine('replay', 'latest', 'm-fix.csv', '--json');
  expect(replay.exitCode, replay.stderr).toBe(0);
  expect(receiptOf(replay.stdout).sources).toMatchObject([{ read: 1, staged: 1, quarantined: 0 }]);
  const rows = await askSqlite(home.beside('m.db'), 'SELECT id, day FROM m ORDER BY id');
  expect(rows.map(Object.values)).toEqual([
    ['1', '2025-01-01'],
    ['2', '2025-01-02'],
  ]);
});

describe('a copy that replaces, corrected in two steps', () => {
  const DAY = '2025-03-07';
  const bad = [7, 30, 61, 99, 150, 200];
  const tableIds = async () => {
    const rows = await askSqlite<{ id: string }>(home.beside('v.db'), 'SELECT id FROM ventas ORDER BY id');
    return rows.map(({ id }) => Number(id));
  };
  const all = Array.from({ length: 200 }, (_, index) => index + 1);
  const lines = (file: string) => readFileSync(home.beside(file), 'utf8').trimEnd().split('\n');
  const mend = (from: string, to: string, change: (line: string, index: number) => string) =>
    writeFileSync(home.beside(to), `${lines(from).map(change).join('\n')}\n`);

  test('the second replay keeps what the first one corrected, and the screen tells what is left', async () => {
    const rows = all.map((id) => `${id},${bad.includes(id) ? 'soon' : DAY}`);
    writeFileSync(home.beside('ventas.csv'), ['id,fecha', ...rows, ''].join('\n'));
    const copied = await typed('copy', 'ventas.csv', 'sqlite:v.db', '--declare', 'fecha=date');
    expect(copied.exitCode, copied.stdout).toBe(0);
    expect((await quarantine('export', 'latest', 'bad2.csv')).exitCode).toBe(0);
    // As an editor replaces a text everywhere, and so in what is said of the record, too.
    mend('bad2.csv', 'r1.csv', (line, index) => (index === 6 ? line : line.replaceAll('soon', DAY)));
    const first = await quarantine('replay', 'latest', 'r1.csv');
    expect(first.exitCode, first.stdout + first.stderr).toBe(0);
    expect(first.stdout).toMatch(/│ ventas │ +206 │ +199 │ +7 │/);
    expect(first.stdout).toContain('corrected    r1.csv: 5 of 6 rows good, 1 still bad');
    expect(first.stdout).toMatch(
      /left {9}1 row to correct: npm run acequia -- quarantine export \w+ --source=ventas ventas\.bad\.csv\n {13}6 rows in quarantine have been replayed/,
    );
    expect(first.stdout).toMatch(
      /ventas\.csv is as it was: mend it, too, as the next run without a replay reads it alone/,
    );
    expect(await tableIds()).toEqual(all.slice(0, 199));

    const show = await quarantine('show', 'latest');
    expect(show.stdout).toMatch(
      /^ {2}r1\.csv:7 [^\n]*expected date[^\n;]*\n {2}ventas\.csv:8 [^\n]*; replayed since$/m,
    );
    expect((await quarantine('export', 'latest', 'bad3.csv')).stdout).toContain('1 row of ventas');
    expect(lines('bad3.csv').slice(1)).toEqual([expect.stringMatching(/^r1\.csv,7,.*,200,soon$/)]);
    mend('bad3.csv', 'r2.csv', (line) => line.replace(/soon$/, DAY));
    const second = await quarantine('replay', 'latest', 'r2.csv');
    expect(second.exitCode, second.stdout + second.stderr).toBe(0);
    expect(second.stdout).toMatch(/│ ventas │ +207 │ +200 │ +7 │/);
    expect(second.stdout).toContain('r2.csv: 1 of 1 row good\n');
    expect(second.stdout).toContain('left         nothing to correct: 7 rows in quarantine have been replayed');
    expect(await tableIds()).toEqual(all);
  });

  test('the same again changes nothing; what would lose or double rows is refused', async () => {
    const again = await quarantine('replay', 'latest', 'r2.csv', '--json');
    expect(receiptOf(again.stdout).tables).toMatchObject([{ rows: 200 }]);
    for (const [run, file, message] of [
      ['latest', 'bad2.csv', /6 rows of bad2\.csv stand in r1\.csv, too/],
      [(await runs()).at(-1) ?? '', 'r2.csv', /has brought in the corrected rows of r1\.csv\. A replay of run/],
    ] as const) {
      const refused = await quarantine('replay', run, file);
      expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringMatching(message)]);
    }
    expect((await quarantine('export', 'latest', 'none.csv')).stderr).toContain('has been replayed');
    expect(await tableIds()).toEqual(all);
  });

  test.each([
    ['more.csv', 'a,b\n1\n1,2,3\n"', /The corrected rows in more\.csv cannot be read, and nothing is published/],
    ['more.parquet', 'PAR1', /The corrected rows in more\.parquet cannot be read, and nothing is published/],
  ])('a file that cannot be read publishes nothing: %s', async (file, text, message) => {
    writeFileSync(home.beside(file), text);
    const { exitCode, stdout } = await quarantine('replay', (await runs())[0] ?? '', file);
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(message)]);
    expect(stdout).not.toContain('loaded,');
    expect(await tableIds()).toEqual(all);
  });

  /** Those in which rows were quarantined, the newest first; the last is the copy itself. */
  async function runs(): Promise<string[]> {
    const { stdout } = await quarantine('list', '--json');
    const told = JSON.parse(stdout) as { readonly pipeline: string; readonly runId: string }[];
    return told.flatMap(({ pipeline, runId }) => (pipeline.startsWith('copy-sqlite.v-') ? [runId] : []));
  }
});

test.each([
  [['show', 'nothing'], /There is no run "nothing"/],
  [['show'], /quarantine show needs <run id \| latest>/],
  [['shwo', 'latest'], /Did you mean "show"/],
  [['replay', 'sales', 'nowhere.csv', '--source=ventas'], /There is no file "nowhere\.csv"/],
])('%j is refused with exit 2', async (args, message) => {
  const { exitCode, stdout, stderr } = await quarantine(...args);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});
