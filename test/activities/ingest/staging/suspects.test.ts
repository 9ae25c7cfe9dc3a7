import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { ingestFiles, modes, type Ingested } from '../ingest-files.ts';
import type { Columns } from '../ingest-bytes.ts';

/** A date in its own spelling is good as it was read, any other takes a cast. */
const COLUMNS: Columns = { id: 'integer', d: { type: 'date', formats: ['DD/MM/YYYY'] } };
const FILES = {
  'a.jsonl': [
    '{"id":1,"d":"31/01/2026","items":[{"q":1},{"q":2}]}',
    '{"id":2,"d":"2026-02-01","items":[{"q":3}]}',
    '{"id":3,"d":"never","items":[{"q":4}]}',
    '{"id":4,"d":"02/02/2026","items":[{"q":5}]}\n',
  ].join('\n'),
  'b.jsonl': '{"id":5,"d":"2026-02-03","items":[]}\n{"id":6,"d":"01/03/2026","items":[{"q":6}]}\n',
};

const rowsOf = ({ tables }: Ingested): [unknown, unknown][] => (tables.orders ?? []).map(({ id, d }) => [id, d]);
const itemsOf = ({ tables }: Ingested): unknown[] => (tables.orders_items ?? []).map(({ q }) => q);
const partsOf = ({ result }: Ingested): number[] => result.tables.map(({ uris }) => uris.length);

const ROWS = [
  ['1', '2026-01-31'],
  ['2', '2026-02-01'],
  ['4', '2026-02-02'],
  ['5', '2026-02-03'],
  ['6', '2026-03-01'],
];

test('rows that take a cast stand behind the others, which go over as they were read; every row is there once', async () => {
  const ingested = await ingestFiles(
    await temporaryFolder(),
    FILES,
    COLUMNS,
    modes('discard-row', { newColumns: 'evolve' }),
  );
  expect(ingested.result).toMatchObject({ read: 6, staged: 5, quarantined: 1 });
  expect(rowsOf(ingested).sort()).toEqual(ROWS);
  expect(itemsOf(ingested).sort()).toEqual(['1', '2', '3', '5', '6']);
  // Of the first table a part of each file, and one of what took a cast; of the list, one file has no good rows.
  expect(partsOf(ingested)).toEqual([3, 2]);
});

test('in a copy they stand as in the files', async () => {
  const copy = { ...modes('discard-row', { newColumns: 'evolve' }), columnOrder: 'files' } as const;
  const ingested = await ingestFiles(await temporaryFolder(), FILES, COLUMNS, copy);
  expect(rowsOf(ingested)).toEqual(ROWS);
  expect(itemsOf(ingested)).toEqual(['1', '2', '3', '5', '6']);
  expect(partsOf(ingested)).toEqual([1, 1]);
});

test('a copy finds nothing of what was staged for models', async () => {
  const folder = await temporaryFolder();
  const contract = modes('discard-row', { newColumns: 'evolve' });
  await ingestFiles(folder, FILES, COLUMNS, contract);
  expect(rowsOf(await ingestFiles(folder, FILES, COLUMNS, { ...contract, columnOrder: 'files' }))).toEqual(ROWS);
});
