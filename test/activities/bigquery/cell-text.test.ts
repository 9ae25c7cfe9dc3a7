import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLine, textLine, type ApiRow } from '../../../activities/bigquery/cell-text.ts';
import type { Field } from '../../../activities/bigquery/field.ts';

const line = (type: string, v: string | null): string => textLine([{ name: 'c', type }], { f: [{ v }] });
const text = (type: string, v: string): unknown => (JSON.parse(line(type, v)) as { c: unknown }).c;

test.each([
  ['1234.500000000', '1234.5'],
  ['0E-9', '0'],
  ['1E-9', '0.000000001'],
  ['-12.30E+3', '-12300'],
  ['100', '100'],
  ['0.000', '0'],
  ['-0.50', '-0.5'],
])('a decimal has one spelling: %s is %s', (given, plain) => {
  expect(text('NUMERIC', given)).toBe(plain);
});

test('an instant keeps every microsecond, before 1970 too', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }), (microseconds) => {
      const [, day, clock = '', fraction = '0'] =
        /^([\d-]{10}) ([\d:]{8})(?:\.(\d{6}))?\+00$/.exec(String(text('TIMESTAMP', String(microseconds)))) ?? [];
      expect(BigInt(Date.parse(`${day}T${clock}Z`)) * 1000n + BigInt(fraction)).toBe(microseconds);
    }),
  );
});

test('what JSON has no number for is text, and every digit of a number stays', () => {
  const fields: Field[] = [
    { name: 'big', type: 'INTEGER' },
    { name: 'nan', type: 'FLOAT' },
    { name: 'raw', type: 'BYTES' },
    { name: 'none', type: 'STRING' },
    { name: 'list', type: 'NUMERIC', mode: 'REPEATED' },
    {
      name: 'record',
      type: 'RECORD',
      fields: [
        { name: 'a', type: 'BOOLEAN' },
        { name: 'b', type: 'JSON' },
      ],
    },
  ];
  const row: ApiRow = {
    f: [
      { v: '9007199254740993' },
      { v: 'nan' },
      { v: 'AAEC/w==' },
      { v: null },
      { v: [{ v: '1.50' }, { v: '12345678901234567890.123456789' }] },
      { v: { f: [{ v: 'true' }, { v: '{"x":1.0}' }] } },
    ],
  };
  expect(jsonLine(fields, row)).toBe(
    '{"big":9007199254740993,"nan":"NaN","raw":"AAEC/w==","none":null,"list":[1.5,12345678901234567890.123456789],"record":{"a":true,"b":"{\\"x\\":1.0}"}}',
  );
  expect(JSON.parse(textLine(fields, row))).toEqual({
    big: '9007199254740993',
    nan: 'NaN',
    raw: 'AAEC/w==',
    none: null,
    list: '[1.5,12345678901234567890.123456789]',
    record: '{"a":true,"b":"{\\"x\\":1.0}"}',
  });
});
