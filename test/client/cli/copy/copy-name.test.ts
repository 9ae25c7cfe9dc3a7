import fc from 'fast-check';
import { expect, test } from 'vitest';
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
