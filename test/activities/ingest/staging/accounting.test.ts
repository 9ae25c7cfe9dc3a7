import fc from 'fast-check';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { AcequiaError } from '../../../../activities/failure/acequia-error.ts';
import type { Progress, Work } from '../../../../activities/progress.ts';
import { withScratchFolder } from '../../../../activities/scratch-folder.ts';
import { CONTRACT_MODES } from '../../../../workflows/definition/index.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { quietWork } from '../../../support/work.ts';
import type { Columns, Row } from '../ingest-bytes.ts';
import { ingestFiles, modes, type Ingested } from '../ingest-files.ts';

const COLUMNS: Columns = { id: 'integer!', n: 'decimal(20,2)', d: 'date' };
/** What may be wrong with files that people send. Anything else is our fault. */
const OF_FILES = [
  'ContractBreach',
  'DialectUnsure',
  'SourceCorrupt',
  'SourceEmpty',
  'SourceEncoding',
  'SourceRefused',
  'SourceWrongType',
];

const contract = fc.record({
  newColumns: fc.constantFrom(...CONTRACT_MODES),
  missingColumns: fc.constantFrom(...CONTRACT_MODES),
  types: fc.constantFrom(...CONTRACT_MODES),
});
const cell = fc.constantFrom(
  '1',
  '2',
  '2',
  '007',
  '-0',
  '1.5',
  '1,5',
  '1e5',
  'x',
  '',
  ' ',
  '"a"',
  '"',
  '"a\nb"',
  '\0',
  '2024-02-29',
  '2024-02-30',
  'é',
  '9'.repeat(40),
);
const csvSoup = fc
  .tuple(
    fc.subarray(['id', 'n', 'd', 'more'], { minLength: 1 }),
    fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 8 }),
  )
  .map(([header, rows]) => Buffer.from([header, ...rows].map((row) => `${row.join(',')}\n`).join('')));
const piece = fc.constantFrom(
  '{"id":1}',
  '{"id":2,"n":1.50,"l":[1,{"a":2}]}',
  '{"id":"x"}',
  '{"d":"2024-01-01","id":3',
  '[',
  ']',
  '{',
  '}',
  ',',
  '"',
  '\n',
  '{"id":1,"id":2}',
  '{"n":{"a":[]}}',
  'null',
  '\0',
  '1e999',
  ' ',
);
const jsonSoup = fc
  .array(fc.tuple(piece, fc.constantFrom('\n', '\n', '\n', '')), { minLength: 1, maxLength: 10 })
  .map((pieces) => Buffer.from(pieces.flat().join('')));
const bytes = fc.oneof(
  { weight: 3, arbitrary: csvSoup },
  { weight: 3, arbitrary: jsonSoup },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 200 }) },
);
const file = fc.tuple(fc.constantFrom('csv', 'jsonl', 'json', 'txt'), bytes);

test('read = staged + quarantined, whatever the bytes and whatever the contract', async () => {
  await fc.assert(
    fc.asyncProperty(
      contract,
      fc.array(file, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (mix, soup, keyed) => {
        const files = Object.fromEntries(soup.map(([ending, content], n) => [`f${n}.${ending}`, content]));
        await withScratchFolder(async (folder) => {
          const source = { contract: mix, key: keyed ? ['id'] : [] };
          const ingested = await ingestFiles(folder, files, COLUMNS, source).catch((error: unknown) => error);
          if (ingested instanceof AcequiaError) {
            expect(OF_FILES).toContain(ingested.type);
            return;
          }
          if (ingested instanceof Error) throw ingested;
          const { result, tables, quarantined, report } = ingested as Ingested;
          const lost = quarantined.filter(({ kept }) => kept !== true);
          expect(result.read).toBe((tables.orders?.length ?? 0) + lost.length);
          expect(result.read).toBe(report.files.reduce((sum, { read }) => sum + read, 0));
          expect(result.files + result.parkedFiles).toBe(soup.length);
          const place = ({ _file, _line, _offset }: Row): string => [_file, _line, _offset].join(':');
          const places = [
            ...(tables.orders ?? []).map(place),
            ...lost.map((row) => [row.file, row.line, row.offset].join(':')),
          ];
          expect(new Set(places).size).toBe(places.length);
          for (const parked of result.parked) expect(OF_FILES).toContain(parked.error.type);
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('what is staged of several files is the union of what is staged of each', async () => {
  const rows = (all: readonly Ingested[]): string[] =>
    all
      .flatMap(({ tables, quarantined }) =>
        [...(tables.orders ?? []), ...quarantined].map((row) => JSON.stringify(row)),
      )
      .sort();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('discard-row' as const, 'discard-value' as const),
      fc.array(csvSoup, { minLength: 2, maxLength: 3 }),
      async (types, soup) => {
        const files = Object.fromEntries(soup.map((content, n) => [`f${n}.csv`, content]));
        const source = modes(types, { newColumns: 'discard-value', missingColumns: 'evolve' });
        const ingest = (some: Record<string, Buffer>): Promise<Ingested | undefined> =>
          withScratchFolder((folder) => ingestFiles(folder, some, COLUMNS, source)).catch((error: unknown) => {
            if (error instanceof AcequiaError) return undefined;
            throw error;
          });
        const alone: Ingested[] = [];
        for (const [name, content] of Object.entries(files)) {
          const one = await ingest({ [name]: content });
          if (one) alone.push(one);
        }
        const together = await ingest(files);
        expect(rows(together ? [together] : [])).toEqual(rows(alone));
      },
    ),
    { numRuns: 10 },
  );
});

const MIXED = {
  'a.csv': `id,n\n${Array.from({ length: 5_000 }, (_, n) => `${n},${n % 7 ? n : 'x'}\n`).join('')}`,
  'b.jsonl': Array.from({ length: 5_000 }, (_, n) => `{"id":${n + 4_000},"l":[{"q":${n}}]}\n`).join(''),
  'c.csv.gz': Buffer.from('1f8b0800', 'hex'),
};
const SOURCE = { ...modes('discard-row', { newColumns: 'evolve', missingColumns: 'evolve' }), key: ['id'] };
const NARROW: Columns = { id: 'integer!', n: 'integer' };

describe('a source of several files', () => {
  test('that is finished is found again, with what was parked', async () => {
    const folder = await temporaryFolder();
    const { result } = await ingestFiles(folder, MIXED, NARROW, SOURCE);
    const work = quietWork();
    const again = await ingestFiles(folder, {}, NARROW, SOURCE, { work });
    expect(again.result).toEqual(result);
    expect(result).toMatchObject({ files: 2, parkedFiles: 1, read: 10_000 });
    expect(work.reports.map(({ step }) => step).filter((step) => step !== 'landing')).toEqual([]);
  });

  test('that is stopped anywhere ends with the reason, leaves nothing half-written, and then is as if it had not been', async () => {
    const scratch = await temporaryFolder();
    const undisturbed = await ingestFiles(await temporaryFolder(), MIXED, NARROW, SOURCE);
    const folder = await temporaryFolder();
    vi.stubEnv('TMPDIR', scratch);
    try {
      const steps = ['landing', 'looking at b.jsonl', 'reading a.csv', 'reading b.jsonl', 'casting', 'writing'];
      for (const [step, late] of steps.flatMap((step) => [[step, 0] as const, [step, 8] as const])) {
        const reason = new Error(`stop while ${step}`);
        await expect(ingestFiles(folder, MIXED, NARROW, SOURCE, { work: aborting(step, reason, late) })).rejects.toBe(
          reason,
        );
        expect(await readdir(scratch)).toEqual([]);
        const left = await readdir(join(folder, 'lake'), { recursive: true }).catch(() => []);
        expect(left.filter((name) => name.endsWith('source.json') || name.endsWith('.part'))).toEqual([]);
      }
    } finally {
      vi.unstubAllEnvs();
    }
    const resumed = await ingestFiles(folder, MIXED, NARROW, SOURCE);
    expect(resumed.tables).toEqual(undisturbed.tables);
    expect(resumed.quarantined).toEqual(undisturbed.quarantined);
  });
});

/** Aborts when a step begins, or some milliseconds later. */
function aborting(step: string, reason: Error, lateMs: number): Work {
  const controller = new AbortController();
  const report = (progress: Progress): void => {
    if (progress.step !== step) return;
    if (lateMs === 0) controller.abort(reason);
    else setTimeout(() => controller.abort(reason), lateMs);
  };
  return { report, signal: controller.signal };
}
