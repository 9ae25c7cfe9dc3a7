import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withSession, type Session } from '../../../../activities/duckdb/session.ts';
import { compileCast } from '../../../../activities/ingest/types/cast-sql.ts';
import type { ValueKind } from '../../../../activities/ingest/types/classify.ts';
import { TypeEvidence, type EvidenceData } from '../../../../activities/ingest/types/evidence.ts';
import { narrowestType, wideningOf } from '../../../../activities/ingest/types/narrowest-type.ts';
import { columnTypeName, parseColumnType, type ColumnType } from '../../../../workflows/definition/index.ts';
import { amongOthers } from './among-others.ts';
import { nearCanonical, nearCanonicalTexts } from './near-canonical.ts';

function gather(texts: readonly string[], kind: ValueKind = 'plain'): EvidenceData {
  const evidence = new TypeEvidence();
  texts.forEach((text, index) => {
    const bytes = amongOthers(text);
    evidence.see(kind, bytes, 1, bytes.length - 1, index + 1);
  });
  return evidence.data();
}

const narrowest = (texts: readonly string[], kind?: ValueKind): string =>
  columnTypeName(narrowestType(gather(texts, kind)));

function type(name: string): ColumnType {
  const parsed = parseColumnType(name);
  if (!parsed) throw new Error(name);
  return parsed.type;
}

/** For each text whether the strict cast to `type` takes it; blanks are taken by all. */
async function taken(session: Session, texts: readonly string[], as: ColumnType): Promise<boolean[]> {
  const cast = compileCast({ name: 'v', type: as, required: false, formats: [] });
  const rows = await session.rows<{ taken: boolean }>(
    `SELECT ${cast.reason('t', 'v')} IS NULL AS taken FROM (SELECT *, ${cast.value('t')} AS v FROM
     (SELECT unnest(list) AS t, generate_subscripts(list, 1) AS n FROM
      (SELECT from_json($texts::JSON, '["VARCHAR"]') AS list))) ORDER BY n`,
    { texts: JSON.stringify(texts) },
  );
  return rows.map((row) => row.taken);
}

describe('the narrowest type', () => {
  test.each([
    ['integer', ['1', '-7', '', '9223372036854775807']],
    ['decimal(19,0)', ['1', '9223372036854775808']],
    ['decimal(5,2)', ['1.5', '100', '-0.25']],
    ['decimal(38,19)', [`${'9'.repeat(19)}.5`, `1.${'1'.repeat(19)}`]],
    ['text', [`${'9'.repeat(20)}.5`, `1.${'1'.repeat(19)}`]],
    ['decimal(38,0)', ['9'.repeat(38)]],
    ['text', ['9'.repeat(39)]],
    ['text', ['1', '007']],
    ['text', ['1', '1e5']],
    ['text', ['1', '1_000']],
    ['text', ['1', 'NaN']],
    ['text', ['1', '+1']],
    ['text', ['1', '-0']],
    ['text', ['1.5', '-0.0']],
    ['text', ['1,5']],
    ['text', ['1', ' 2']],
    ['boolean', ['true', 'false', ' ']],
    ['text', ['true', '1']],
    ['text', ['True']],
    ['date', ['2024-02-29', '0001-01-01', '9999-12-31']],
    ['text', ['2023-02-29']],
    ['text', ['0000-01-01']],
    ['timestamp', ['2024-02-29 10:00', '2024-02-29T10:00:00.123456']],
    ['text', ['2024-02-29 10:00', '2024-02-29']],
    ['text', ['2024-02-29 24:00']],
    ['text', ['2024-02-29 10:00:00.1234567']],
    ['text', ['2024-02-29 10:00:00Z']],
    ['text', ['', ' ', '\u00a0']],
    ['text', []],
  ])('%s for %j', (name, texts) => {
    expect(narrowest(texts)).toBe(name);
  });

  test('is among those that fit; a number of 39 digits fits text alone', () => {
    expect(gather(['9'.repeat(38), '0.25']).fits).toEqual(['text', 'decimal']);
    expect(gather(['9'.repeat(39)]).fits).toEqual(['text']);
    expect(gather([`0.${'9'.repeat(38)}`]).fits).toEqual(['text']);
  });

  test('25,000 whole numbers and then one with a fraction: a decimal, and the line is known', () => {
    const data = gather([...Array<string>(25_000).fill('1'), '1.7']);
    expect(columnTypeName(narrowestType(data))).toBe('decimal(2,1)');
    expect(data.ruledOut).toContainEqual({ kind: 'integer', line: 25_001 });
  });

  test.each([
    ['string', ['1', '2'], 'text'],
    ['string', ['true'], 'text'],
    ['string', ['2024-02-29'], 'date'],
    ['string', ['2024-02-29', ''], 'text'],
    ['string', ['2024-02-29 10:00'], 'timestamp'],
    ['number', ['1', '2'], 'integer'],
    ['number', ['1', '2.5'], 'decimal(2,1)'],
    ['number', ['1', '2e3'], 'text'],
    ['boolean', ['true', 'false'], 'boolean'],
  ] as const)('of JSON: a %s %j is %s', (kind, texts, name) => {
    expect(narrowest(texts, kind)).toBe(name);
  });

  test(
    'takes every text it was found for, as the strict cast judges; and what it rules out, the cast refuses',
    { timeout: 60_000 },
    async () => {
      await withSession(undefined, async (session) => {
        const texts = nearCanonicalTexts(7, 3000);
        const fits = texts.map((text) => gather([text]));
        for (const kind of ['integer', 'boolean', 'date', 'timestamp'] as const) {
          const judged = await taken(session, texts, { kind });
          const parted = texts.filter((text, index) => {
            const { values, fits: found } = fits[index]!;
            return judged[index] !== (values === 0 || found.includes(kind));
          });
          expect({ kind, parted }).toEqual({ kind, parted: [] });
          expect(judged.filter(Boolean).length).toBeGreaterThan(5);
        }
        for (const [name, whole, fraction] of [
          ['decimal(38,0)', 38, 0],
          ['decimal(38,19)', 19, 19],
          ['decimal(12,2)', 10, 2],
        ] as const) {
          const judged = await taken(session, texts, type(name));
          const parted = texts.filter((_, index) => {
            const { values, fits: found, wholeDigits, fractionDigits } = fits[index]!;
            const held = found.includes('decimal') && wholeDigits <= whole && fractionDigits <= fraction;
            return judged[index] !== (values === 0 || held);
          });
          expect({ name, parted }).toEqual({ name, parted: [] });
        }
      });
    },
  );

  test('of any column takes all of its texts', { timeout: 60_000 }, async () => {
    const alike = fc.oneof(
      fc.array(nearCanonical, { maxLength: 5 }),
      fc.array(
        fc.integer().map((n) => String(n / 1000)),
        { maxLength: 20 },
      ),
      fc.array(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }).map(String), { maxLength: 5 }),
    );
    await withSession(undefined, async (session) => {
      await fc.assert(
        fc.asyncProperty(alike, async (texts) => {
          const found = narrowestType(gather(texts));
          expect(await taken(session, texts, found)).not.toContain(false);
        }),
        { numRuns: 150 },
      );
    });
  });
});

describe('evidence of several threads', () => {
  test('is that of all of their values, whoever saw them', () => {
    fc.assert(
      fc.property(fc.array(fc.array(nearCanonical, { maxLength: 4 }), { maxLength: 4 }), (parts) => {
        const merged = new TypeEvidence();
        for (const part of parts) merged.merge(structuredClone(gather(part)));
        const { ruledOut, ...data } = merged.data();
        const { ruledOut: expected, ...all } = gather(parts.flat());
        expect(data).toEqual(all);
        expect(ruledOut.map(({ kind }) => kind)).toEqual(expected.map(({ kind }) => kind));
      }),
    );
  });

  test('keeps the first line that ruled a type out', () => {
    const merged = new TypeEvidence();
    const ruledOut = (line: number): EvidenceData => ({ ...gather(['x']), ruledOut: [{ kind: 'integer', line }] });
    for (const line of [30, 10, 20]) merged.merge(ruledOut(line));
    expect(merged.data().ruledOut).toEqual([{ kind: 'integer', line: 10 }]);
  });
});

describe('the widening', () => {
  test.each([
    ['integer', ['12345', '1.75'], 'decimal(7,2)'],
    ['integer', ['1', 'x'], 'text'],
    ['integer', ['1'], 'integer'],
    ['integer', [], 'integer'],
    ['decimal(5,2)', ['1.125'], 'decimal(6,3)'],
    ['decimal(5,2)', ['12345.5'], 'decimal(7,2)'],
    ['decimal(5,2)', ['1'.repeat(37)], 'text'],
    ['decimal(5,2)', ['1e5'], 'text'],
    ['date', ['2024-02-29 10:00'], 'text'],
    ['date', ['2024-02-29'], 'date'],
    ['timestamp', ['2024-02-29'], 'text'],
    ['boolean', ['1'], 'text'],
    ['text', ['1'], 'text'],
    ['double', ['x'], 'double'],
  ])('of %s after %j is %s', (name, texts, wider) => {
    expect(columnTypeName(wideningOf(type(name), gather(texts)))).toBe(wider);
  });
});
