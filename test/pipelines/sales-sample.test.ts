import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { generateSample } from '../../pipelines/sales/sample/generate.mjs';
import { plainCount } from './support/plain-count.ts';
import { salesContracts } from './support/sales-contracts.ts';

const sample = join(import.meta.dirname, '../../pipelines/sales/sample');
const committed = (name: string): Promise<string> => readFile(join(sample, name), 'utf8');
const AS_OF = '2025-09-30';

async function counted(name: keyof typeof salesContracts) {
  return plainCount(await committed(`${name}.csv`), salesContracts[name]);
}

function reasons(refused: readonly { readonly reason: string }[]): Record<string, number> {
  const rows: Record<string, number> = {};
  for (const { reason } of refused) rows[reason] = (rows[reason] ?? 0) + 1;
  return rows;
}

describe('the generator', () => {
  test.each(['productos.csv', 'clientes.csv', 'ventas.csv', 'inventario.csv'])(
    'makes %s as it is committed, byte for byte',
    async (name) => {
      const made = Buffer.from(generateSample()[name] ?? '', 'utf8');
      expect(made.equals(await readFile(join(sample, name)))).toBe(true);
    },
  );

  test('makes these four files and no other', () => {
    expect(Object.keys(generateSample()).sort()).toEqual([
      'clientes.csv',
      'inventario.csv',
      'productos.csv',
      'ventas.csv',
    ]);
  });

  test('run as a program, writes the files beside itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'acequia-sample-'));
    try {
      await cp(sample, folder, { recursive: true, filter: (path) => !path.endsWith('.csv') });
      await promisify(execFile)(process.execPath, [join(folder, 'generate.mjs')]);
      expect(await readFile(join(folder, 'ventas.csv'), 'utf8')).toBe(await committed('ventas.csv'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('the committed files, counted independently of the loader', () => {
  test('10 products, 20 customers, none refused', async () => {
    const [products, customers] = [await counted('productos'), await counted('clientes')];
    expect([products.read, products.rows.length, products.refused]).toEqual([10, 10, []]);
    expect([customers.read, customers.rows.length, customers.refused]).toEqual([20, 20, []]);
    expect(customers.rows.map(({ nombre }) => nombre)).toContain('Ferretería Peñalver, S.L.');
    expect(customers.rows.map(({ nombre }) => nombre)).toContain('Bar "La Acequia"');
  });

  test('5,500 sales: 5,407 good and 93 refused, each with its reason', async () => {
    const { read, rows, refused } = await counted('ventas');
    expect([read, rows.length, refused.length]).toEqual([5500, 5407, 93]);
    expect(reasons(refused)).toEqual({
      'repeats a key': 27,
      'fecha cannot be read': 22,
      'cantidad is empty': 13,
      'cantidad cannot be read': 12,
      'too few fields': 10,
      'too many fields': 9,
    });
  });

  test('5,000 counts of stock: 4,900 good and 100 refused, each with its reason', async () => {
    const { read, rows, refused } = await counted('inventario');
    expect([read, rows.length, refused.length]).toEqual([5000, 4900, 100]);
    expect(reasons(refused)).toEqual({
      'repeats a key': 40,
      'fecha cannot be read': 16,
      'stock is empty': 14,
      'stock cannot be read': 14,
      'too few fields': 8,
      'too many fields': 8,
    });
  });

  test('1,479 sales after the as-of date, from 2024 to 2026', async () => {
    const dates = (await counted('ventas')).rows.map(({ fecha }) => fecha ?? '').sort();
    expect(dates.filter((date) => date > AS_OF)).toHaveLength(1479);
    expect([dates[0]?.slice(0, 4), dates.at(-1)?.slice(0, 4)]).toEqual(['2024', '2026']);
  });

  test('sales of product 11, by unknown customers, and returns', async () => {
    const { rows } = await counted('ventas');
    expect(rows.filter(({ producto_id }) => producto_id === '11')).toHaveLength(456);
    expect(rows.filter(({ producto_id }) => Number(producto_id) > 11)).toHaveLength(0);
    expect(rows.filter(({ cliente_id }) => Number(cliente_id) > 20)).toHaveLength(164);
    expect(rows.filter(({ cantidad }) => cantidad === '0')).toHaveLength(23);
  });

  test('of repeated sales, 15 are the whole line again and 12 say something else', async () => {
    const lines = (await committed('ventas.csv')).split('\n');
    const repeated = (await counted('ventas')).refused
      .filter(({ reason }) => reason === 'repeats a key')
      .map(({ line }) => line - 1);
    const whole = repeated.filter((place) => lines.indexOf(lines[place] ?? '') < place);
    expect([whole.length, repeated.length - whole.length]).toEqual([15, 12]);
  });

  test('the faults are spread over the files, and all five spellings of dates are used', async () => {
    for (const name of ['ventas', 'inventario'] as const) {
      const { read, refused } = await counted(name);
      const tenths = new Set(refused.map(({ line }) => Math.floor((10 * (line - 2)) / read)));
      expect(tenths.size).toBe(10);
      const text = await committed(`${name}.csv`);
      for (const spelling of [
        /,\d{4}-\d\d-\d\d,/,
        /,\d\d\/\d\d\/\d{4},/,
        /,\d\d-\d\d-\d{4},/,
        /,\d{4}\/\d\d\/\d\d,/,
        /,\d{1,2} [a-z]{3} \d{4},/,
      ])
        expect(text.match(new RegExp(spelling, 'g'))?.length).toBeGreaterThan(400);
    }
  });

  test('UTF-8 without a byte-order mark, LF, one line end at the end', async () => {
    for (const name of Object.keys(generateSample())) {
      const text = await committed(name);
      expect(text).not.toMatch(/[\r\uFEFF\uFFFD]/);
      expect(text).toMatch(/[^\n]\n$/);
    }
  });
});
