import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonProblem } from '../../../../activities/ingest/records/json-problem.ts';
import { plainDigits, numbersAsText } from '../../../../activities/normalise/numbers-as-text.ts';

const json = fc.json({ maxDepth: 6 });

test('what JSON.stringify writes is no problem, and cut anywhere it is one, or a shorter value', () => {
  fc.assert(
    fc.property(json, fc.nat(), (text, at) => {
      expect(jsonProblem(text)).toBeUndefined();
      const cut = text.slice(0, at % (text.length + 1));
      const isValue = (): boolean => {
        try {
          JSON.parse(cut);
          return true;
        } catch {
          return false;
        }
      };
      expect(jsonProblem(cut) === undefined).toBe(isValue());
    }),
  );
});

test.each([
  ['{"a":1,"a":2}', 'a name stands twice in an object of the record'],
  [String.raw`{"a":{"x":1,"\u0078":2}}`, 'a name stands twice in an object of the record'],
  [String.raw`{"a":"\ud83d"}`, 'a text in the record ends within a character'],
  ['['.repeat(1_001) + ']'.repeat(1_001), 'the record is nested too deeply'],
  ['{"a":"x', 'the record is no valid JSON'],
])('%s', (text, problem) => {
  expect(jsonProblem(text)).toBe(problem);
});

test.each([
  String.raw`{"a":"{\"b\": [\"}\\"}`,
  String.raw`{"a":"\ud83d\ude00"}`,
  '['.repeat(1_000) + ']'.repeat(1_000),
])('what stands in a string is no name and no bracket: %s', (text) => {
  expect(jsonProblem(text)).toBeUndefined();
});

test('numbers become text wherever they stand, and strings stay as they are', () => {
  const strings = fc.oneof(fc.string(), fc.constantFrom('"1"', '\\', '1e5', '\\"2'));
  const values = fc.array(fc.oneof(strings, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()));
  fc.assert(
    fc.property(values, (list) => {
      const exact = list.map((one) => (typeof one === 'number' ? plainDigits(JSON.stringify(one)) : one));
      expect(JSON.parse(numbersAsText(JSON.stringify(list)))).toEqual(exact);
    }),
  );
});

test.each(['x', String.raw`\n`])('a string of 24 million %s has room', (piece) => {
  const text = `{"note":"${piece.repeat(24_000_000 / piece.length)}","n":1.50}`;
  expect(jsonProblem(text)).toBeUndefined();
  expect(numbersAsText(text)).toBe(text.replace('1.50', '"1.5"'));
});
