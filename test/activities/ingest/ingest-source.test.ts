import fc from 'fast-check';
import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { AcequiaError } from '../../../activities/failure/acequia-error.ts';
import { ingestSource } from '../../../activities/ingest/ingest-source.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import type { Progress, Work } from '../../../activities/progress.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
import { writtenTable } from './csv-arbitraries.ts';
import { ingestBytes, requestFor, stagedTexts, stagedUris, type Columns } from './ingest-bytes.ts';

const ORDERS: Columns = { id: { type: 'integer!', formats: ['prod#'] }, qty: 'integer!', note: 'text' };
const FILE = [
  'note,id,extra,qty',
  'plain,prod001,x,1',
  '"two',
  'lines, ""quoted""",2,x,2',
  ',3,x,abc',
  '"",4,x,',
  'late,1,x,9',
  'short,5',
  '"",6,x,6',
  '',
].join('\n');

describe('one file', () => {
  test('becomes typed rows and quarantined rows, with their places', async () => {
    const folder = await temporaryFolder();
    const work = quietWork();
    const { result, staged, quarantined } = await ingestBytes(folder, FILE, ORDERS, { key: ['id'] }, work);
    expect(staged).toEqual([
      { id: '1', qty: '1', note: 'plain', _line: '2', _offset: '18' },
      { id: '2', qty: '2', note: 'two\nlines, "quoted"', _line: '3', _offset: '36' },
      { id: '6', qty: '6', note: '', _line: '9', _offset: String(FILE.indexOf('"",6')) },
    ]);
    const row = { file: 'in.csv', column: null, value: null, expected: null };
    const offset = (text: string): string => String(FILE.indexOf(text));
    expect(quarantined).toEqual([
      {
        ...row,
        line: '5',
        offset: offset(',3,x'),
        column: 'qty',
        value: 'abc',
        expected: 'integer',
        reason: 'qty: not an integer',
        record: ',3,x,abc',
      },
      {
        ...row,
        line: '6',
        offset: offset('"",4'),
        column: 'qty',
        expected: 'integer',
        reason: 'qty: blank where a value is required',
        record: '"",4,x,',
      },
      {
        ...row,
        line: '7',
        offset: offset('late'),
        column: 'id',
        value: '1',
        expected: 'first seen on line 2',
        reason: 'duplicate id',
        record: 'late,1,x,9',
      },
      { ...row, line: '8', offset: offset('short'), reason: '2 fields where the header has 4', record: 'short,5' },
    ]);
    expect(result).toMatchObject({ name: 'orders', bytes: FILE.length, read: 7, staged: 3, quarantined: 4 });
    expect(result.reasons.map(({ reason, rows }) => `${rows} ${reason}`)).toEqual([
      '1 2 fields where the header has 4',
      '1 duplicate id',
      '1 qty: blank where a value is required',
      '1 qty: not an integer',
    ]);
    const steps = [...new Set(work.reports.map(({ step }) => step))];
    expect(steps.filter((step) => !step.startsWith('reading its'))).toEqual([
      'landing',
      'looking at in.csv',
      'reading in.csv',
      'casting',
      'writing',
    ]);
  });

  test('with a header and no rows is fine', async () => {
    const { result, staged } = await ingestBytes(await temporaryFolder(), 'id,qty,note\n', ORDERS, { key: ['id'] });
    expect([result.read, result.staged, result.quarantined, staged]).toEqual([0, 0, 0, []]);
    expect(result.guards.every(({ passed }) => passed)).toBe(true);
  });

  test('of broken lines only is accounted for', async () => {
    const { result } = await ingestBytes(await temporaryFolder(), 'id,qty,note\n1\n2\n', ORDERS);
    expect([result.read, result.staged, result.quarantined]).toEqual([2, 0, 2]);
  });

  test('a key of several columns: all of them together are repeated', async () => {
    const text = 'a,b\n1,x\n1,y\n1,x\n2,x\n';
    const { quarantined } = await ingestBytes(
      await temporaryFolder(),
      text,
      { a: 'integer', b: 'text' },
      { key: ['a', 'b'] },
    );
    expect(quarantined).toMatchObject([
      { line: '4', reason: 'duplicate a, b', value: '1, x', expected: 'first seen on line 2' },
    ]);
  });

  test('keys are compared as values, among rows that are otherwise good', async () => {
    const text = 'id,qty,note\n1,bad,\nprod1,1,\n1,2,\n';
    const { staged, quarantined } = await ingestBytes(await temporaryFolder(), text, ORDERS, { key: ['id'] });
    expect(staged).toMatchObject([{ _line: '3' }]);
    expect(quarantined).toMatchObject([{ line: '2' }, { line: '4', expected: 'first seen on line 3' }]);
  });

  test('stays in its order, also where rows are taken out of a large file', async () => {
    const lines = Array.from(
      { length: 200_000 },
      (_, n) => `${n % 1000 === 999 ? n - 999 : n},${n % 777 === 5 ? 'x' : n},"n ${n}"`,
    );
    const { result, staged } = await ingestBytes(
      await temporaryFolder(),
      `id,qty,note\n${lines.join('\n')}\n`,
      ORDERS,
      { key: ['id'] },
    );
    // A repeated key counts only where its first row is good.
    const bad = lines.filter((_, n) => n % 777 === 5 || (n % 1000 === 999 && (n - 999) % 777 !== 5)).length;
    expect(result).toMatchObject({ read: 200_000, quarantined: bad, staged: 200_000 - bad });
    const places = staged.map((row) => Number(row._line));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(staged.every((row) => row.note === `n ${String(row.qty)}`)).toBe(true);
  });

  test('a field of 5 MB and fields that look like rows come through', async () => {
    const huge = 'é"\n1,2,3\n'.repeat(500_000);
    const trap = '9,9,9\n"9",9,9\n'.repeat(300);
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const text = `id,qty,note\n1,1,${quoted(trap)}\n2,2,${quoted(huge.slice(0, 8_000))}\n3,3,"${'z'.repeat(5_000_000)}"\n`;
    const { staged, result } = await ingestBytes(await temporaryFolder(), text, ORDERS);
    expect(result).toMatchObject({ read: 3, staged: 3 });
    expect(staged.map(({ note }) => note)).toEqual([trap, huge.slice(0, 8_000), 'z'.repeat(5_000_000)]);
  });
});

describe('laws', () => {
  test('any table that a conforming program writes comes back, cell by cell', async () => {
    await fc.assert(
      fc.asyncProperty(writtenTable(30), async ({ header, rows, bytes, dialect }) => {
        const columns = Object.fromEntries(header.toReversed().map((name) => [name, 'text']));
        const folder = await temporaryFolder();
        const { result } = await ingestBytes(folder, bytes, columns, { dialect });
        expect(result).toMatchObject({ read: rows.length, staged: rows.length, quarantined: 0 });
        expect(await stagedTexts(folder, result, header)).toEqual(rows);
      }),
      { numRuns: 25 },
    );
  });

  test('read = staged + quarantined, whatever the bytes', async () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .string({ unit: fc.constantFrom(...Array.from('1a,"\n\r\0é\u0001')), maxLength: 400 })
        .map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(noise, fc.boolean(), async (body, key) => {
        const bytes = Buffer.concat([Buffer.from('id,qty,note\n'), body]);
        const outcome = await ingestBytes(await temporaryFolder(), bytes, ORDERS, { key: key ? ['id'] : [] }).catch(
          (error: unknown) => error,
        );
        if (outcome instanceof AcequiaError) {
          expect(['SourceWrongType', 'DialectUnsure', 'SourceEncoding']).toContain(outcome.type);
          return;
        }
        if (outcome instanceof Error) throw outcome;
        const { result, staged, quarantined } = outcome as Awaited<ReturnType<typeof ingestBytes>>;
        expect(result.read).toBe(staged.length + quarantined.length);
        expect(quarantined.every(({ reason }) => typeof reason === 'string' && reason !== '')).toBe(true);
      }),
      { numRuns: 12 },
    );
  });
});

describe('a second run', () => {
  test('finds finished work, but judges age and limits anew', async () => {
    const folder = await temporaryFolder();
    const { result } = await ingestBytes(folder, FILE, ORDERS, { key: ['id'], freshWithinMs: 60_000, failAbove: 0.9 });
    expect(result.guards.map(({ name, severity, passed }) => [name, severity, passed])).toEqual([
      ['orders: fresh', 'error', true],
      ['orders: columns', 'warning', false],
      ['orders: reading', 'warning', true],
      ['orders: bad rows', 'warning', false],
    ]);
    const old = new Date(Date.now() - 86_400_000);
    await utimes(join(folder, 'in.csv'), old, old);
    const work = quietWork();
    const again = await ingestSource(
      requestFor(folder, ORDERS, { key: ['id'], freshWithinMs: 60_000, failAbove: 0.1 }),
      work,
    );
    expect(work.reports.map(({ step }) => step)).not.toContain('reading in.csv');
    expect({ ...again, guards: [] }).toEqual({ ...result, guards: [] });
    expect(again.guards.map(({ severity, passed }) => [severity, passed])).toEqual([
      ['error', false],
      ['warning', false],
      ['warning', true],
      ['error', false],
    ]);
  });

  test.each(['staging', 'quarantine', 'report'] as const)('makes it again when the %s is gone', async (part) => {
    const folder = await temporaryFolder();
    const { result } = await ingestBytes(folder, FILE, ORDERS, { key: ['id'] });
    const request = requestFor(folder, ORDERS, { key: ['id'] });
    const uri = part === 'staging' ? (stagedUris(result)[0] ?? '') : result[part];
    const path = await openLake(request.lake).local(uri);
    await rm(path);
    expect(await ingestSource(request, quietWork())).toEqual(result);
    expect((await stat(path)).isFile()).toBe(true);
  });

  test('makes other results from another contract, and from other bytes', async () => {
    const folder = await temporaryFolder();
    const { result } = await ingestBytes(folder, FILE, ORDERS);
    const stricter = await ingestSource(requestFor(folder, { ...ORDERS, note: 'text!' }), quietWork());
    expect(stagedUris(stricter)).not.toEqual(stagedUris(result));
    expect(stricter.quarantined).toBeGreaterThan(result.quarantined);
    const other = await ingestBytes(folder, FILE.replace('plain', 'plaim'), ORDERS);
    expect(stagedUris(other.result)).not.toEqual(stagedUris(result));
  });
});

describe('an abort', () => {
  test('at any point ends with its reason, leaves nothing half-written, and the next run is as if it had not been', async () => {
    const folder = await temporaryFolder();
    const scratch = await temporaryFolder();
    vi.stubEnv('TMPDIR', scratch);
    try {
      const text = `id,qty,note\n${Array.from({ length: 20_000 }, (_, n) => `${n},${n % 9 ? n : ''},x`).join('\n')}\n`;
      const request = requestFor(folder, ORDERS, { key: ['id'] });
      await writeFile(request.source.path, text);
      const undisturbed = await ingestSource({ ...request, lake: `${request.lake}-other` }, quietWork());
      const steps = ['landing', 'looking at in.csv', 'reading in.csv', 'casting', 'writing'];
      for (const step of steps) {
        for (const late of [0, 5]) {
          const reason = new Error(`stop while ${step}`);
          await expect(ingestSource(request, abortingWork(step, reason, late))).rejects.toBe(reason);
          expect(await readdir(scratch)).toEqual([]);
          const left = await readdir(join(folder, 'lake'), { recursive: true }).catch(() => []);
          expect(left.filter((name) => name.endsWith('source.json') || name.endsWith('.part'))).toEqual([]);
        }
      }
      const resumed = await ingestSource(request, quietWork());
      const placeless = { tables: [], quarantine: '', report: '' };
      expect({ ...resumed, ...placeless }).toEqual({ ...undisturbed, ...placeless });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

/** Aborts when a step begins, or some milliseconds later. */
function abortingWork(step: string, reason: Error, lateMs: number): Work {
  const controller = new AbortController();
  const report = (progress: Progress): void => {
    if (progress.step !== step) return;
    if (lateMs === 0) controller.abort(reason);
    else setTimeout(() => controller.abort(reason), lateMs);
  };
  return { report, signal: controller.signal };
}
