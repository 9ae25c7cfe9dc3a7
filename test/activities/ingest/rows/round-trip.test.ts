import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { writtenTable } from '../csv/written-table.ts';
import { jobOn, layoutOf, read } from './reading-job.ts';
import { column, readFile } from './row-file.ts';

const sizes = fc.record({ windowBytes: fc.integer({ min: 1, max: 300 }), smallBytes: fc.constantFrom(0, 1 << 20) });

/** Cells as text, and as integers where that is what they are: canonical ones are carried as such, blank ones are NULL. */
const INTEGER = /^(0|-?[1-9]\d{0,17})$/;
const BLANK = /^[\p{Zs}]*$/u;

test('any written table comes out of its row files cell by cell, whatever the windows and threads', async () => {
  await withSession(undefined, (session) =>
    fc.assert(
      fc.asyncProperty(writtenTable(8), sizes, fc.integer({ min: 1, max: 3 }), async (table, how, threads) => {
        const { format, rows, bytes } = table;
        const layout = layoutOf(format.names.map((name) => column(name, { kind: 'text' })));
        const { tables, records, broken, findings } = await read(await jobOn(bytes, format, layout, { threads }), how);
        expect({ records, broken, findings }).toEqual({ records: rows.length, broken: 0, findings: [] });
        const path = tables[0]?.good?.path;
        const seen = path === undefined ? [] : await readFile(session, path);
        expect(seen.map((row) => row.slice(0, format.names.length))).toEqual(rows);
        expect(seen.map((row) => Number(row.at(-3)))).toEqual(table.lines);
      }),
      { numRuns: 15 },
    ),
  );
});

test('where a column takes integers the other rows go over as text, whole', async () => {
  await withSession(undefined, (session) =>
    fc.assert(
      fc.asyncProperty(writtenTable(8), sizes, async ({ format, rows, bytes }, how) => {
        const [first = '', ...others] = format.names;
        const columns = [column(first, { kind: 'integer' }), ...others.map((name) => column(name, { kind: 'text' }))];
        const { tables } = await read(await jobOn(bytes, format, layoutOf(columns)), how);
        const cells = async (path: string | undefined): Promise<unknown> => {
          const seen = path === undefined ? [] : await readFile(session, path);
          return seen.map((row) => row.slice(0, format.names.length));
        };
        const blank = (row: readonly (string | null)[]): boolean => row[0] == null || BLANK.test(row[0]);
        const good = rows.filter((row) => blank(row) || INTEGER.test(row[0] ?? ''));
        expect(await cells(tables[0]?.good?.path)).toEqual(
          good.map((row) => (blank(row) ? [null, ...row.slice(1)] : row)),
        );
        expect(await cells(tables[0]?.suspect?.path)).toEqual(rows.filter((row) => !good.includes(row)));
      }),
      { numRuns: 12 },
    ),
  );
});

test('of any bytes each record is good, suspect or broken, and the readers agree', async () => {
  const soup = fc.array(fc.constantFrom(...Array.from(',"\n\r;a#1'), '1,2\n', '""', '\0', '\ufeff'), { maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(soup, sizes, async (words, how) => {
      const layout = layoutOf([column('a', { kind: 'integer' }), column('b', { kind: 'text' })]);
      const format = {
        delimiter: ',',
        quote: '"',
        start: 0,
        startLine: 1,
        header: false,
        comment: '#',
        names: ['a', 'b'],
      };
      const job = await jobOn(words.join(''), { kind: 'csv', ...format }, layout);
      const { records, broken, tables, brokenFile } = await read(job, how);
      const [{ good, suspect } = {}] = tables;
      expect(records).toBe((good?.rows ?? 0) + (suspect?.rows ?? 0) + broken);
      expect(brokenFile?.rows ?? 0).toBe(broken);
    }),
    { numRuns: 15 },
  );
});
