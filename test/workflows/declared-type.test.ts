import { expect, test } from 'vitest';
import { parseDeclaredType } from '../../workflows/definition/index.ts';

test.each([
  ['integer', 'integer', []],
  ['date!|DD/MM/YYYY|D MMM YYYY', 'date!', ['DD/MM/YYYY', 'D MMM YYYY']],
  ['decimal(10,2)|1.234,56', 'decimal(10,2)', ['1.234,56']],
  ['boolean!|sí|no|1|0', 'boolean!', ['sí|no', '1|0']],
  ['boolean|sí', 'boolean', ['sí']],
])('%s', (text, type, formats) => {
  expect(parseDeclaredType(text)).toEqual({ type, formats });
});
