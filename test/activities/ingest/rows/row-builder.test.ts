import { describe, expect, test } from 'vitest';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { compileCast } from '../../../../activities/ingest/types/cast-sql.ts';
import type { Carrier } from '../../../../activities/ingest/rows/layout.ts';
import { RowBuilder } from '../../../../activities/ingest/rows/row-builder.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { nearCanonicalTexts } from '../types/near-canonical.ts';
import { column, put, readFile, unhexed, writeFile, type Cell } from './row-file.ts';

const TEXT: Carrier = { kind: 'text' };
const INTEGER: Carrier = { kind: 'integer' };
const CARRIERS: readonly Carrier[] = [
  TEXT,
  INTEGER,
  { kind: 'decimal', precision: 18, scale: 0 },
  { kind: 'decimal', precision: 18, scale: 2 },
  { kind: 'decimal', precision: 18, scale: 18 },
  { kind: 'decimal', precision: 12, scale: 2 },
  { kind: 'decimal', precision: 5, scale: 5 },
  { kind: 'decimal', precision: 15, scale: 9 },
  { kind: 'boolean' },
  { kind: 'date' },
  { kind: 'timestamp' },
];
const named = CARRIERS.flatMap((carrier) =>
  [false, true].map((required) => ({
    name: `${Object.values(carrier).join(' ')}${required ? '!' : ''}`,
    carrier,
    required,
  })),
);

describe('a cell', () => {
  test.each(named)('of $name is taken exactly where the strict cast takes it, as the same value', async (spec) => {
    const texts: Cell[] = [null, ...nearCanonicalTexts(spec.name.length, 1500)];
    const builder = new RowBuilder(
      [column('t', TEXT), column('v', spec.carrier, { required: spec.required })],
      ['_line'],
    );
    const taken: boolean[] = [];
    const path = await writeFile(await temporaryFolder(), builder, 1, () => {
      texts.forEach((text, index) => {
        put(builder, 0, text);
        builder.integer(2, index);
        const fits = put(builder, 1, text);
        taken.push(fits && builder.endRow());
        if (taken[index]) return;
        builder.rollback();
      });
    });
    // All texts again, for the casts to judge.
    const all = new RowBuilder([column('t', TEXT)], ['_line']);
    const allPath = await writeFile(await temporaryFolder(), all, 1, () => {
      texts.forEach((text, index) => {
        put(all, 0, text);
        all.integer(1, index);
        all.endRow();
      });
    });
    const cast = compileCast({ name: 'v', type: spec.carrier, required: spec.required, formats: [] });
    await withSession(undefined, async (session) => {
      const made = new Map(
        (await readFile(session, path)).map(([text, value, line]) => [Number(line), { text, value }]),
      );
      const judged = await session.rows<{ line: string; text: Cell; value: Cell; reason: Cell }>(
        `SELECT _line::VARCHAR AS line, hex(encode(t)) AS text, hex(encode(CAST(v AS VARCHAR))) AS value, ${cast.reason('t', 'v')} AS reason
         FROM (SELECT *, ${cast.value('t')} AS v FROM read_parquet(${literal(allPath)})) ORDER BY _line`,
      );
      const expected = judged.map((row) => {
        const text = unhexed(row.text);
        return row.reason === null ? { text, value: unhexed(row.value) } : { text, refused: true };
      });
      expect(texts.map((text, index) => made.get(index) ?? { text, refused: true })).toEqual(expected);
      expect(expected.filter((row) => 'value' in row && row.value !== null).length).toBeGreaterThan(3);
    });
  });

  test('that is not put, or is put as nothing, is NULL; one that is required and missing keeps the row from ending', async () => {
    const builder = new RowBuilder(
      [column('a', INTEGER), column('b', TEXT), column('c', INTEGER, { required: true })],
      [],
    );
    const path = await writeFile(await temporaryFolder(), builder, 1, () => {
      put(builder, 2, '1');
      expect(builder.endRow()).toBe(true);
      put(builder, 1, '');
      expect(builder.endRow()).toBe(false);
      expect(builder.nothing(2)).toBe(false);
      builder.rollback();
      put(builder, 2, '2');
      put(builder, 1, '');
      expect(builder.nothing(0)).toBe(true);
      expect(builder.endRow()).toBe(true);
    });
    expect(await withSession(undefined, (session) => readFile(session, path))).toEqual([
      [null, null, '1'],
      [null, '', '2'],
    ]);
  });
});

describe('rows that are taken back', () => {
  test.each(['few texts', 'many texts'])('leave nothing behind, with %s', async (kind) => {
    const builder = new RowBuilder([column('t', TEXT), column('i', INTEGER)], []);
    const kept: Cell[][] = [];
    const path = await writeFile(await temporaryFolder(), builder, 2, () => {
      let marks: [rows: number, kept: number] = [0, kept.length];
      for (let i = 0; i < 9000; i += 1) {
        const text = i % 5 === 0 ? null : kind === 'few texts' ? `x${i % 7}` : `text ${i * 7919}`;
        put(builder, 0, text);
        if (i % 11 === 3) {
          builder.rollback();
          continue;
        }
        put(builder, 1, i % 3 === 0 ? null : String(i));
        builder.endRow();
        kept.push([text, i % 3 === 0 ? null : String(i)]);
        if (i % 100 === 50) marks = [builder.rows, kept.length];
        if (i % 300 !== 299) continue;
        // The row that is begun goes as well.
        put(builder, 0, 'begun');
        builder.rewind(marks[0]);
        kept.length = marks[1];
      }
    });
    expect(await withSession(undefined, (session) => readFile(session, path))).toEqual(kept);
  });
});

describe('a type that is only assumed', () => {
  const assumed = (carrier: Carrier): RowBuilder => new RowBuilder([column('v', carrier, { onMisfit: 'widen' })], []);

  test('is disproved by a value that does not fit, whose line is known; the cell is NULL', async () => {
    const builder = assumed(INTEGER);
    const path = await writeFile(await temporaryFolder(), builder, 2, (group) => {
      for (const [index, text] of ['12345', '', '-7', group === 1 ? '1.75' : '8'].entries()) {
        builder.line = 10 * group + index;
        expect(put(builder, 0, text)).toBe(true);
        builder.endRow();
      }
      expect(builder.disproved).toBe(group === 1);
    });
    expect(builder.evidence(0)).toEqual({
      disproved: true,
      line: 13,
      evidence: {
        values: 6,
        blanks: 2,
        fits: ['text', 'decimal'],
        wholeDigits: 5,
        fractionDigits: 2,
        // What the values that fitted have ruled out is ruled out without a line.
        ruledOut: [{ kind: 'integer', line: 13 }],
      },
    });
    expect((await withSession(undefined, (session) => readFile(session, path))).at(-1)).toEqual([null]);
  });

  test.each([
    ['integer', 'string', '7'],
    ['boolean', 'string', 'true'],
    ['date', 'string', ''],
    ['timestamp', 'string', ' '],
    ['date', 'number', '2024'],
    ['integer', 'boolean', 'true'],
    ['boolean', 'number', '1'],
  ] as const)('%s does not take a JSON %s %j', (kind, how, text) => {
    const builder = assumed({ kind });
    put(builder, 0, text, how);
    builder.endRow();
    expect(builder.disproved).toBe(true);
    const declared = new RowBuilder([column('v', { kind })], []);
    expect(put(declared, 0, text, how)).toBe(put(declared, 0, text));
  });

  test.each([
    ['integer', 'number', '7'],
    ['boolean', 'boolean', 'true'],
    ['date', 'string', '2024-02-29'],
    ['timestamp', 'string', '2024-02-29T10:00'],
    ['text', 'number', '7'],
    ['text', 'boolean', 'true'],
    ['text', 'string', ''],
  ] as const)('%s takes a JSON %s %j', (kind, how, text) => {
    const builder = assumed({ kind });
    put(builder, 0, text, how);
    builder.endRow();
    expect(builder.disproved).toBe(false);
    expect(builder.evidence(0).evidence.values).toBe(1);
  });
});
