import { expect, test } from 'vitest';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { isBlank } from '../../../../activities/ingest/types/blank.ts';

test('the characters that make a blank text are those that SQL trims, of all there are', async () => {
  const trimmed = await withSession(undefined, (session) =>
    session.rows<{ code: string }>(
      `SELECT code::VARCHAR AS code FROM range(1, 1114112) AS codes(code)
       WHERE code NOT BETWEEN 55296 AND 57343 AND trim(chr(code::INTEGER)) = '' ORDER BY codes.code`,
    ),
  );
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(8);
  const blank: string[] = [];
  for (let code = 1; code < 0x110000; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const { written } = encoder.encodeInto(String.fromCodePoint(code), bytes);
    if (isBlank(bytes, 0, written)) blank.push(String(code));
  }
  expect(blank).toEqual(trimmed.map(({ code }) => code));
  expect(blank.length).toBeGreaterThan(10);
});

test.each([
  ['', true],
  ['   ', true],
  [' \u00a0\u2003 \u3000', true],
  [' \u00a0x', false],
  ['x ', false],
  ['\u200b', false],
])('%j: %s', (text, blank) => {
  const bytes = Uint8Array.from(Buffer.from(text, 'utf8'));
  expect(isBlank(bytes, 0, bytes.length)).toBe(blank);
});

test('a span that ends within a character is not blank', () => {
  const bytes = Uint8Array.from(Buffer.from('\u3000\u00a0', 'utf8'));
  expect([0, 1, 2, 3, 4, 5].map((to) => isBlank(bytes, 0, to))).toEqual([true, false, false, true, false, true]);
});
