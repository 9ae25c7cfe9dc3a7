import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import type { Columns, Row } from '../ingest-bytes.ts';
import { ingestFiles, modes, type Ingested } from '../ingest-files.ts';

/** The records' table without provenance. */
const values = ({ tables }: Ingested): Row[] =>
  (tables.orders ?? []).map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_'))));
const columnTypes = ({ report }: Ingested): unknown => report.tables[0]?.columns.map(({ name, type }) => [name, type]);

describe('under evolve, where formats are declared', () => {
  const columns: Columns = { id: 'integer!', when: { type: 'date', formats: ['DD/MM/YYYY'] } };

  test('they hold as long as every value keeps to them, then the column is text', async () => {
    const good = await ingestFiles(
      await temporaryFolder(),
      { 'a.csv': 'id,when\n1,31/12/2024\n2,\n' },
      columns,
      modes('evolve'),
    );
    expect(values(good)).toEqual([
      { id: '1', when: '2024-12-31' },
      { id: '2', when: null },
    ]);
    const bad = await ingestFiles(
      await temporaryFolder(),
      { 'a.csv': 'id,when\n1,31/12/2024\n2,12/31/2024\n' },
      columns,
      modes('evolve'),
    );
    expect(values(bad)).toEqual([
      { id: '1', when: '31/12/2024' },
      { id: '2', when: '12/31/2024' },
    ]);
    expect(bad.result).toMatchObject({ read: 2, staged: 2, quarantined: 0 });
  });

  test('a blank where a value is required: it is not required any more, and keeps its type', async () => {
    const required: Columns = { id: 'integer!', when: { type: 'date!', formats: ['DD/MM/YYYY'] }, note: 'text!' };
    const blank = await ingestFiles(
      await temporaryFolder(),
      { 'a.csv': 'id,when,note\n1,31/12/2024,x\n2,,y\n3,01/01/2025," "\n' },
      required,
      modes('evolve'),
    );
    expect(values(blank)).toEqual([
      { id: '1', when: '2024-12-31', note: 'x' },
      { id: '2', when: null, note: 'y' },
      { id: '3', when: '2025-01-01', note: ' ' },
    ]);
    expect(columnTypes(blank)).toEqual([
      ['id', 'integer!'],
      ['when', 'date'],
      ['note', 'text'],
    ]);
    const both = await ingestFiles(
      await temporaryFolder(),
      { 'a.csv': 'id,when,note\n1,,x\n2,12/31/2024,y\n' },
      required,
      modes('evolve'),
    );
    expect(values(both).map(({ when }) => when)).toEqual([null, '12/31/2024']);
    expect(both.result).toMatchObject({ read: 2, staged: 2, quarantined: 0 });
  });
});
