import { expect, test } from 'vitest';
import { closest } from '../../../workflows/definition/closest.ts';

test.each([
  ['salse', ['sales', 'orders'], 'sales'],
  ['evn', ['env', 'tables'], 'env'],
  ['venta', ['ventas', 'inventario'], 'ventas'],
  ['cantidades', ['cantidad', 'precio'], 'cantidad'],
])('%s is a slip of one of %j', (given, names, meant) => {
  expect(closest(given, names)).toBe(` Did you mean "${meant}"?`);
});

test.each([
  ['zzz', ['env', 'tables']],
  ['', ['env']],
  ['prod', []],
])('%j is no slip of any of %j', (given, names) => {
  expect(closest(given, names)).toBe('');
});
