import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { alertIds, receiptOf } from '../support/command.ts';
import { bytesOf, useDev, useHome } from './support/home.ts';
import { age, copySample, edit, SOURCES, type SourceName } from './support/sample.ts';
import { run } from './support/typed.ts';

const home = useHome();
useDev(home);

const inbox = (): string => home.beside('inbox');
const file = (name: SourceName): string => join(inbox(), `${name}.csv`);
let flags: readonly string[];
let published: string | undefined;

beforeAll(async () => {
  const { exitCode, stderr } = await run(home.path, ['start-workflow', 'sales']);
  expect(exitCode, stderr).toBe(0);
  published = bytesOf(home.database);
  expect(published).toBeDefined();
});

afterEach(() => {
  expect(bytesOf(home.database)).toBe(published);
  rmSync(inbox(), { recursive: true });
});

const start = (...more: string[]) => run(home.path, ['start-workflow', 'sales', ...flags, '--any-age', ...more]);

test('missing, empty, without a promised column: each is named, with what to do; one that is compressed is read', async () => {
  flags = copySample(inbox());
  rmSync(file('productos'));
  writeFileSync(file('clientes'), '');
  writeFileSync(file('ventas'), gzipSync(readFileSync(file('ventas'))));
  edit(inbox(), 'inventario', 'almacen,fecha,stock', 'almacen,fecha,stok');
  const { exitCode, stdout, stderr } = await start();
  expect(exitCode, stderr).toBe(1);
  for (const words of [
    `productos: The source file productos.csv does not exist.\n  where: ${file('productos')}\n  to do: put the file there`,
    `clientes: The file is empty: 0 bytes.\n  where: ${file('clientes')}\n  to do: check the export`,
    '│ ventas     │  5,500 │        │          93 │',
    `inventario: The file lacks the promised column "stock". Did you mean "stok"?\n  where: inventario.csv:1`,
  ]) {
    expect(stdout).toContain(words);
  }
  expect(stdout.split('\n').slice(-3)).toEqual([
    'sales: failed',
    `cause: The source file productos.csv does not exist. (${file('productos')})`,
    "next:  put the file there, or name its folder in the pipeline's inbox setting or with --inbox <folder>",
  ]);
});

test('an empty folder, a broken workbook, a PDF: --json names them too', async () => {
  flags = copySample(inbox());
  rmSync(file('productos'));
  mkdirSync(file('productos'));
  writeFileSync(file('clientes'), Buffer.from('504b030414000600080000002100', 'hex'));
  writeFileSync(file('ventas'), '%PDF-1.7\n%âãÏÓ\n');
  const { exitCode, stdout } = await start('--json');
  expect(exitCode).toBe(1);
  const { run: ran, sources, tables, accounted, error } = receiptOf(stdout);
  expect([ran.outcome, accounted, tables]).toEqual(['failed', false, []]);
  expect(error?.type).toBe('SourceMissing');
  const found = Object.fromEntries(sources.map((source) => [source.name, source.error?.message.split('\n')[0]]));
  expect(found).toEqual({
    productos: 'The folder holds no files to read.',
    clientes: 'The zip archive or workbook cannot be read: its list of entries is broken or missing.',
    ventas: 'Expected delimited text (CSV), found a PDF document.',
    inventario: undefined,
  });
  expect(sources.map(({ uri }) => uri).sort()).toEqual([...SOURCES].map(file).sort());
  expect(alertIds(home.path)).toContain(`${ran.runId}/run`);
});

test('every row of a file is bad: blocked with exit 3, and what was published stays', async () => {
  flags = copySample(inbox());
  const lines = Array.from({ length: 20 }, (_, index) => `${index + 1},2025-01-01,cli001,prod001,many,10.00`);
  writeFileSync(
    file('ventas'),
    `venta_id,fecha,cliente_id,producto_id,cantidad,precio_unitario\n${lines.join('\n')}\n`,
  );
  const { exitCode, stdout, stderr } = await start();
  expect(exitCode, stderr).toBe(3);
  expect(stdout).toMatch(/│ ventas +│ +20 │ +0 \(not published\) │ +20 │/);
  expect(stdout).toContain('quarantined  ventas: 20 × cantidad: not an integer\n');
  expect(stdout.split('\n').slice(-3)).toEqual([
    'sales: blocked, nothing published',
    'cause: ventas: bad rows: 20 of 20 rows quarantined (100 %, limit 5 %): 20 × cantidad: not an integer',
    expect.stringMatching(
      /^next: {2}mend the source or the check \(the query behind it is in \S+\.json\), then: npm run start-workflow sales -- --env=dev --as-of=2025-09-30 --inbox=\S+ --any-age; as the last resort, for one run, add: '--publish-anyway=ventas: bad rows' --reason=why$/,
    ),
  ]);
});

test('a file that nobody has written for days: blocked with exit 3, and the way round it', async () => {
  flags = copySample(inbox());
  age(file('inventario'), 3);
  const { exitCode, stdout } = await run(home.path, ['start-workflow', 'sales', ...flags]);
  expect(exitCode).toBe(3);
  const [verdict, cause] = stdout.split('\n').slice(-3);
  expect(verdict).toBe('sales: blocked, nothing published');
  expect(cause).toContain(`cause: inventario: fresh: ${file('inventario')} was last changed at `);
  expect(cause).toMatch(/3 days later, and at most 1 day is promised; --any-age takes it all the same$/);
});
