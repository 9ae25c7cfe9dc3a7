import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInstant } from '../../../../activities/ingest/types/parse-date.ts';
import { cast } from './expect-casts.ts';
import { nearCanonical } from './near-canonical.ts';

/** As the reader takes it: microseconds since 1970, or nothing. */
function parsed(text: string): bigint | null {
  const bytes = Buffer.from(`${text}\n       `, 'utf8');
  const words = new Int32Array(2);
  if (!parseInstant(bytes, 0, Buffer.byteLength(text), words, 0)) return null;
  return (BigInt(words[1]!) << 32n) | BigInt(words[0]! >>> 0);
}

/** The instant that the strict cast writes, or nothing where it refuses. */
function micros(written: string | null): bigint | null {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00( \(BC\))?$/.exec(written ?? '');
  if (!match || match[4]) return null;
  return BigInt(Date.parse(`${match[1] ?? ''}T${match[2] ?? ''}Z`)) * 1_000n + BigInt((match[3] ?? '').padEnd(6, '0'));
}

const two = (most: number) => fc.integer({ min: 0, max: most }).map((part) => String(part).padStart(2, '0'));
const instant = fc
  .tuple(
    fc.integer({ min: 1, max: 9999 }).map((year) => String(year).padStart(4, '0')),
    two(13),
    two(32),
    fc.constantFrom('T', ' ', 't'),
    two(24),
    two(60),
    fc.constantFrom('', ':00', ':59', ':60', ':07.1', ':07.123456', ':07.1234567'),
    fc.constantFrom('Z', 'z', '', '+00', '+0100', '-03:00', '+23:59', '+24:00', '-0360', '+1', '+01:0', '+01:00:00'),
  )
  .map(([year, month, day, between, hour, minute, rest, zone]) => {
    return `${year}-${month}-${day}${between}${hour}:${minute}${rest}${zone}`;
  });

test('the reader takes what the strict cast takes, and as the same instant', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 3, arbitrary: instant }, { weight: 1, arbitrary: nearCanonical }), {
        minLength: 50,
        maxLength: 200,
      }),
      async (texts) => {
        const written = await cast('timestamptz', texts);
        texts.forEach((text, index) => {
          const strict = micros(written[index] ?? null);
          // Before the year 1 only the cast writes it otherwise.
          if (!(written[index] ?? '').endsWith('(BC)')) expect([text, parsed(text)]).toEqual([text, strict]);
        });
      },
    ),
    { numRuns: 30 },
  );
});
