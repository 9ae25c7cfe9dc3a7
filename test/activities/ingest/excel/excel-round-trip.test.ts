import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { fitsExcel } from '../written/write-excel.ts';
import { column, layoutOf, readFileRows } from '../xml/file-rows.ts';

const EXCEL = { kind: 'excel', sheet: '', header: true } as const;

test('what another program writes comes back, cell by cell', async () => {
  const cell = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.maxSafeInteger(),
    fc.date({ min: new Date('1901-01-01'), max: new Date('9999-12-30'), noInvalidDate: true }),
    fc.string({ maxLength: 12 }).filter((text) => text.trim() !== '' && !text.includes('_x') && fitsExcel(text)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 }), async (rows) => {
      const path = join(await temporaryFolder(), 'in.xlsx');
      const data = [['k', 'a', 'b'], ...rows.map((row, index) => [index, ...row])].map((row) =>
        row.map((value) =>
          value === null ? null : value instanceof Date ? { value, format: 'yyyy-mm-dd hh:mm:ss' } : { value },
        ),
      );
      await writeXlsxFile(data).toFile(path);
      const { good } = await readFileRows(path, EXCEL, layoutOf(column('k'), column('a'), column('b')));
      expect(good['rows']?.map(({ a, b }) => [a, b])).toEqual(rows.map((row) => row.map(expected)));
    }),
    { numRuns: 8 },
  );
});

function expected(value: string | number | boolean | Date | null): string | null {
  if (value === null) return null;
  if (value instanceof Date)
    return value
      .toISOString()
      .slice(0, 23)
      .replace(/\.?0+$/, '');
  return typeof value === 'number' ? plainNumber(value) : String(value);
}

/** Up to 30 zeros as plain digits; the digits are those of JavaScript's shortest spelling. */
function plainNumber(number: number): string {
  const [digits = '', exponent] = String(number).split('e');
  if (exponent === undefined || Math.abs(Number(exponent)) > 30) return String(number);
  if (Number(exponent) > 0) return expanded(digits, Number(exponent));
  return number.toFixed(-Number(exponent) + digits.replace(/[-.]/g, '').length - 1);
}

function expanded(digits: string, exponent: number): string {
  const [whole = '', fraction = ''] = digits.split('.');
  return whole + fraction.padEnd(exponent, '0');
}
