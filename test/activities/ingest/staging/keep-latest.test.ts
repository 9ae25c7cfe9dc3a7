import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Progress, Work } from '../../../../activities/progress.ts';
import type { SourcePlan } from '../../../../workflows/definition/index.ts';
import { accountingOutcomes } from '../../../../workflows/verdict.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { ingestFiles, failureOf, modes, type Ingested } from '../ingest-files.ts';

const LATEST: Partial<SourcePlan> = { ...modes('evolve'), key: ['id'], keepLatestBy: ['at'] };

const FILES = {
  'a.csv': 'id,at,v\n1,2025-01-01,old\n2,2025-01-01,only\n1,2025-01-03,new\n3,,none\n,2025-01-01,keyless\n',
  'b.csv': 'v,id,at\nmiddle,1,2025-01-02\nsome,3,2024-01-01\n',
};

async function ingest(files: Readonly<Record<string, string>>, source = LATEST, folder?: string): Promise<Ingested> {
  return ingestFiles(folder ?? (await temporaryFolder()), files, {}, source);
}

const kept = ({ tables }: Ingested): unknown[][] =>
  (tables.orders ?? []).map(({ id, at, v }) => [id, at, v]).sort((a, b) => String(a).localeCompare(String(b)));

test('the latest of each key stays, wherever it stands; the others are counted, and are no bad rows', async () => {
  const done = await ingest(FILES);
  expect(kept(done)).toEqual([
    ['1', '2025-01-03', 'new'],
    ['2', '2025-01-01', 'only'],
    ['3', '2024-01-01', 'some'],
  ]);
  expect(done.result).toMatchObject({ read: 7, staged: 3, quarantined: 1, deduplicated: 3 });
  expect(done.result.reasons).toEqual([{ reason: 'id: blank where a value is required', rows: 1 }]);
  const guard = done.result.guards.find(({ name }) => name === 'orders: bad rows');
  expect(guard).toMatchObject({ rows: 1, detail: expect.stringMatching(/^1 of 7 rows/) as string });
  expect(accountingOutcomes([done.result], [])).toMatchObject([
    { name: 'orders: every row read is staged, deduplicated or quarantined', status: 'passed' },
  ]);
  expect(accountingOutcomes([{ ...done.result, deduplicated: 2 }], [])).toMatchObject([
    { status: 'failed', failed: 1 },
  ]);
});

test('without an order the first one stays, and the others are quarantined', async () => {
  const done = await ingest(FILES, { ...modes('evolve'), key: ['id'] });
  expect(done.result).toMatchObject({ read: 7, staged: 3, quarantined: 4 });
  expect(done.result).not.toHaveProperty('deduplicated');
});

test('what was finished is found again with its count; another order is another work', async () => {
  const folder = await temporaryFolder();
  const first = await ingest(FILES, LATEST, folder);
  const again = await ingest(FILES, LATEST, folder);
  expect(again.result).toEqual(first.result);
  const other = await ingest(FILES, { ...LATEST, keepLatestBy: ['v'] }, folder);
  expect(kept(other)[0]).toEqual(['1', '2025-01-01', 'old']);
  const all = await ingest(FILES, { ...LATEST, key: ['v'], keepLatestBy: ['at'] }, folder);
  expect(all.result).toMatchObject({ staged: 7, deduplicated: 0 });
  expect(new Set([first, other, all].map(({ result }) => result.tables[0]?.identity)).size).toBe(3);
});

test('lists of records that went are not staged; of records that are all the same the last one stays', async () => {
  const lines = [
    '{"id":1,"at":1,"items":[{"q":1}]}',
    '{"id":1,"at":2,"items":[{"q":2},{"q":3}]}',
    '{"id":2,"at":5,"items":[{"q":4}]}',
    '{"id":2,"at":5,"items":[{"q":5}]}',
  ];
  const { tables, result } = await ingest({ 'a.jsonl': `${lines.join('\n')}\n` });
  expect(tables.orders?.map(({ id, at }) => [id, at])).toEqual([
    ['1', '2'],
    ['2', '5'],
  ]);
  expect(tables.orders_items?.map(({ q, _parent }) => [q, _parent])).toEqual([
    ['2', '1'],
    ['3', '1'],
    ['5', '2'],
  ]);
  expect(result).toMatchObject({ read: 4, staged: 2, quarantined: 0, deduplicated: 2 });
});

test.each([
  [{}, 'keepLatestBy names a column "att" that the files do not have. Did you mean "at"?'],
  [modes('discard-row'), 'keepLatestBy names a column "att" that the contract does not have.'],
])('a column that is not there is told: %o', async (contract, what) => {
  const columns = Object.keys(contract).length > 0 ? { id: 'integer!', at: 'date', v: 'text' } : {};
  const source = { ...LATEST, keepLatestBy: ['att'], ...contract };
  expect(await failureOf(ingestFiles(await temporaryFolder(), FILES, columns, source))).toMatchObject({
    type: 'DefinitionInvalid',
    what,
  });
});

const cell = fc.constantFrom('', '1', '2', '10', 'x');
const lines = fc.array(fc.tuple(fc.constantFrom('', '1', '2', '3', 'bad'), cell, cell), {
  minLength: 1,
  maxLength: 12,
});

test('every row read is staged, quarantined or deduplicated; what stays is the greatest, however the rows are ordered', async () => {
  const columns = { id: 'integer!', at: 'integer', v: 'text' };
  const source = { ...LATEST, ...modes('discard-row') };
  const value = (text: string): number => (text === '' ? -1 : Number(text));
  await fc.assert(
    fc.asyncProperty(lines, async (rows) => {
      const isGood = ([id, at]: readonly string[]): boolean => id !== '' && id !== 'bad' && at !== 'x';
      const good = rows.filter(isGood);
      const best = new Map<string, readonly string[]>();
      for (const one of good) {
        const [id, at, v] = one;
        const other = best.get(id);
        const isGreater = !other || value(at) > value(other[1] ?? '') || (at === other[1] && v > (other[2] ?? ''));
        if (isGreater) best.set(id, one);
      }
      const want = [...best.values()].map(([id, at, v]) => [id, at === '' ? null : at, v === '' ? null : v]);
      for (const ordered of [rows, rows.toReversed()]) {
        const file = `id,at,v\n${ordered.map((one) => `${one.join(',')}\n`).join('')}`;
        const done = await ingestFiles(await temporaryFolder(), { 'a.csv': file }, columns, source);
        expect(done.result).toMatchObject({
          read: rows.length,
          staged: want.length,
          quarantined: rows.length - good.length,
          deduplicated: good.length - want.length,
        });
        expect(kept(done)).toEqual(want.sort((a, b) => String(a).localeCompare(String(b))));
        expect(done.quarantined).toHaveLength(rows.length - good.length);
      }
    }),
    { numRuns: 15 },
  );
});

test('stopped while it is written, it is done again with the same result', async () => {
  const undisturbed = await ingest(FILES);
  const folder = await temporaryFolder();
  for (const step of ['casting', 'writing']) {
    const stopped = ingestFiles(folder, FILES, {}, LATEST, { work: stoppedAt(step) });
    await expect(stopped).rejects.toThrow(`stop at ${step}`);
  }
  const resumed = await ingest(FILES, LATEST, folder);
  expect(resumed.tables).toEqual(undisturbed.tables);
  expect(resumed.result.deduplicated).toBe(3);
});

function stoppedAt(step: string): Work {
  const controller = new AbortController();
  const report = (progress: Progress): void => {
    if (progress.step === step) controller.abort(new Error(`stop at ${step}`));
  };
  return { report, signal: controller.signal };
}
