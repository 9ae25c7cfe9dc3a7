import fc from 'fast-check';
import { expect, test } from 'vitest';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../activities/duckdb/session.ts';
import { numbersAsText, plainDigits } from '../../../activities/normalise/numbers-as-text.ts';
import { shapeOf, structureOf, type Structure } from '../../../activities/normalise/shape.ts';

/** Few names, so that elements of a list have some in common. */
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fc.constantFrom(null, true, 0, 1.5, -7, 'x', ''),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '', 'a.b'), tie('value'), { maxKeys: 3 }),
  ),
}));
const records = fc.array(json, { minLength: 1, maxLength: 60 });

test('our own code finds the same shape in a record as DuckDB does', async () => {
  await fc.assert(
    fc.asyncProperty(records, async (values) => {
      const texts = values.map((value) => JSON.stringify(value));
      const found = await withSession(undefined, (session) =>
        session.rows<{ structure: string }>(
          `SELECT CAST(json_structure(record) AS VARCHAR) AS structure FROM (SELECT unnest([${texts.map(literal).join(', ')}]) AS record)`,
        ),
      );
      expect(values.map((value) => shapeOf(structureOf(JSON.parse(JSON.stringify(value)))).paths)).toEqual(
        found.map(({ structure }) => shapeOf(JSON.parse(structure) as Structure).paths),
      );
    }),
    { numRuns: 40 },
  );
});

test('the order of names makes no difference to a shape', () => {
  const [one, other] = ['{"a":1,"b":{"c":"x","d":null}}', '{"b":{"d":null,"c":"y"},"a":2.5}'];
  expect(shapeOf(structureOf(JSON.parse(one))).id).toBe(shapeOf(structureOf(JSON.parse(other))).id);
});

test('digits are carried as they are, texts are left alone', () => {
  const json = fc.jsonValue().map((value) => JSON.stringify(value));
  fc.assert(
    fc.property(json, (text) => {
      const texts: string[] = [];
      JSON.parse(text, (_, value: unknown) => {
        if (typeof value === 'string') texts.push(value);
        return value;
      });
      const carried: unknown[] = [];
      JSON.parse(numbersAsText(text), (_, value: unknown) => {
        if (typeof value === 'string') carried.push(value);
        return value;
      });
      expect(carried).toEqual(expect.arrayContaining(texts));
    }),
  );
  const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -30, max: 30 }));
  fc.assert(
    fc.property(decimal, ([digits, power]) => {
      const plain = plainDigits(`${digits}e${power}`);
      const [whole = '', fraction = ''] = plain.split('.');
      const scaled = BigInt(`${whole}${fraction}`) * 10n ** BigInt(Math.max(0, 30 - fraction.length));
      expect(scaled).toBe(digits * 10n ** BigInt(power + 30));
    }),
  );
});
