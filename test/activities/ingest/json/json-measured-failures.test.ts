import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withSession, type Session } from '../../../../activities/duckdb/session.ts';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import type { RowLayout } from '../../../../activities/ingest/rows/layout.ts';
import { readRows } from '../../../../activities/ingest/rows/read-rows.ts';
import type { RowsSummary } from '../../../../activities/ingest/rows/reading.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { textColumn } from '../nested/mend-layout.ts';

const LAYOUT: RowLayout = {
  tables: [
    { name: 'records', path: '', columns: [{ ...textColumn('a'), onMisfit: 'suspect' }] },
    { name: 'items', path: 'items[]', columns: [textColumn('price')] },
  ],
  key: [],
  asJson: [],
  leftOut: [],
};

/** Loads a file as it is loaded in a run, and gives it to `use` with a session of plain DuckDB. */
async function load(
  content: string,
  use: (summary: RowsSummary, path: string, session: Session) => Promise<void>,
): Promise<void> {
  const home = await temporaryFolder();
  const path = join(home, 'records.jsonl');
  const folder = join(home, 'rows');
  await mkdir(folder);
  await writeFile(path, content);
  const signal = new AbortController().signal;
  const job = { path, name: 'records.jsonl', format: { kind: 'jsonl' }, layout: LAYOUT, folder, threads: 1 } as const;
  const summary = await readRows(job, () => undefined, signal);
  await withSession(undefined, (session) => use(summary, path, session));
}

async function cells(session: Session, summary: RowsSummary, column = 'a', table = 0): Promise<unknown[]> {
  const { good } = summary.tables[table]!;
  if (!good) return [];
  const rows = await session.rows(`SELECT "${column}" AS cell FROM read_parquet(${literal(good.path)})`);
  return rows.map(({ cell }) => cell);
}

describe('What plain DuckDB changes without a word', () => {
  it('is exact here: numbers that a double cannot hold', async () => {
    const number = '12345678901234567.89';
    await load(`{"a":${number},"items":[{"price":${number}}]}\n`, async (summary, path, session) => {
      expect(await cells(session, summary)).toEqual([number]);
      expect(await cells(session, summary, 'price', 1)).toEqual([number]);
      const read = (type: string): string =>
        `SELECT a::VARCHAR AS a FROM read_json(${literal(path)}, columns={a: '${type}'})`;
      const [plain] = await session.rows(read('DECIMAL(38,2)'));
      expect(plain).not.toEqual({ a: number });
    });
  });

  it('is kept here: numbers of 400 digits', async () => {
    const number = `-${'9'.repeat(400)}.${'1'.repeat(50)}e-7`;
    await load(`{"a":${number}}\n`, async (summary, path, session) => {
      expect(await cells(session, summary)).toEqual([number]);
      const [plain] = await session.rows(`SELECT a::VARCHAR AS a FROM read_json(${literal(path)})`).catch(() => [{}]);
      expect(plain).not.toEqual({ a: number });
    });
  });

  it.each([
    ['NaN', '{"a":NaN}'],
    ['a trailing comma', '{"a":1,}'],
  ])('is broken here: %s', async (_what, line) => {
    await load(`{"a":0}\n${line}\n{"a":2}\n`, async (summary, path, session) => {
      expect(await cells(session, summary)).toEqual(['0', '2']);
      expect([summary.records, summary.broken]).toEqual([3, 1]);
      const broken = await session.rows(
        `SELECT _line, _offset, _length, record FROM read_parquet(${literal(summary.brokenFile!.path)})`,
      );
      expect(broken).toEqual([{ _line: '2', _offset: '8', _length: String(line.length), record: line }]);
      const plain = await session.rows(`SELECT * FROM read_json(${literal(path)}, format='newline_delimited')`);
      expect(plain).toHaveLength(3);
    });
  });

  it('is broken here: a key that stands twice', async () => {
    await load('{"a":1,"a":2}\n{"a":3}\n', async (summary, path, session) => {
      expect(await cells(session, summary)).toEqual(['3']);
      expect(summary.broken).toBe(1);
      const plain = session.rows(`SELECT a FROM read_json(${literal(path)}, columns={a: 'VARCHAR'})`);
      // Not without a word, but at the price of the file.
      await expect(plain).rejects.toThrow('duplicate');
    });
  });

  it('is one file of rows however many threads read it', async () => {
    const line = (i: number): string => `{"a":"${i}","items":[{"price":${i}.10},{"price":2}]}\n`;
    const count = 80_000;
    await load(Array.from({ length: count }, (_, i) => line(i)).join(''), async (summary, _path, session) => {
      expect(summary.findings).toEqual([]);
      const [rows, items] = summary.tables.map(({ good }) => `read_parquet(${literal(good!.path)})`);
      expect(await session.count(`SELECT count(DISTINCT a) FROM ${rows!}`)).toBe(count);
      const joined = `SELECT count(*) FROM ${rows!} r JOIN ${items!} i ON i._line = r._line WHERE i._position = 1
        AND i.price = r.a || '.10' AND i._parent = 'records.jsonl:' || r._line`;
      expect(await session.count(joined)).toBe(count);
    });
  });
});
