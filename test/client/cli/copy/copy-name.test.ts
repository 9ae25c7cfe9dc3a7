import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CopyOptions } from '../../../../workflows/definition/index.ts';
import { copyName } from '../../../../client/cli/copy/copy-name.ts';

const to = { kind: 'duckdb', path: '/data/Out Put.duckdb' } as const;

test('says where and what, and tells other files, places and tables apart', () => {
  const name = copyName({ from: ['/in/Ventas 2025.csv'], to, table: 'ventas' });
  expect(name).toMatch(/^copy-duckdb\.out_put-ventas-[0-9a-f]{8}$/);
  const others = [
    copyName({ from: ['/in/other.csv'], to, table: 'ventas' }),
    copyName({ from: ['/in/Ventas 2025.csv'], to, table: 'sales' }),
    copyName({ from: ['/in/Ventas 2025.csv'], to: { ...to, path: '/else/Out Put.duckdb' }, table: 'ventas' }),
    copyName({ from: ['/in/Ventas 2025.csv'], to }),
  ];
  expect(new Set([name, ...others]).size).toBe(5);
  expect(copyName({ from: ['/b', '/a'], to })).toBe(copyName({ from: ['/a', '/b'], to }));
});

test('a server is told by what leads to it, and its schemas apart', () => {
  const name = (path: string, server: CopyOptions['to']['server']) =>
    copyName({ from: ['/in/a.csv'], to: { kind: 'postgres', path, ...(server ? { server } : {}) } });
  expect(name('postgres:WAREHOUSE_URL', { setting: 'WAREHOUSE_URL' })).toMatch(/^copy-postgres\.warehouse_url-a-/);
  expect(name('postgres:W/raw', { setting: 'W', schema: 'raw' })).toMatch(/^copy-postgres\.w_raw-a-/);
  const url = 'postgresql://ana@db/shop';
  expect(name(url, { url })).toMatch(/^copy-postgres\.shop-a-/);
  const lake = (server?: CopyOptions['to']['server']) =>
    copyName({ from: ['/a'], to: { kind: 'ducklake', path: '/x.ducklake', ...(server ? { server } : {}) } });
  expect(lake()).toMatch(/^copy-ducklake\.x-a-/);
  expect(lake({ setting: 'L' })).not.toBe(lake());
});

test('is never the name of a pipeline, and always one of a folder', () => {
  const path = fc.string({ minLength: 1, unit: 'binary' }).map((text) => `/${text}`);
  const kind = fc.constantFrom('duckdb' as const, 'sqlite' as const, 'parquet' as const);
  fc.assert(
    fc.property(fc.array(path, { minLength: 1, maxLength: 3 }), kind, path, (from, of, file) => {
      const name = copyName({ from, to: { kind: of, path: file } });
      expect(name).toMatch(/^[a-z0-9_.-]{1,120}$/);
      expect(name).not.toMatch(/^[A-Za-z0-9_-]+$/);
    }),
  );
});
