import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
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
