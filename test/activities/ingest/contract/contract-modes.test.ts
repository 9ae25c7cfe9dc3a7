import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { withScratchFolder } from '../../../../activities/scratch-folder.ts';
import type { Contract, ContractMode } from '../../../../workflows/definition/index.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import type { Columns, Row } from '../ingest-bytes.ts';
import { failureOf, ingestFiles, modes, type Ingested } from '../ingest-files.ts';

const COLUMNS: Columns = { id: 'integer!', qty: 'integer!' };
/** The same records in both; what differs is how a record can lack a field. */
const FORMATS = {
  csv: {
    types: 'id,qty\n1,5\n2,x\n3,\n',
    new: 'id,qty,extra\n1,5,\n2,6,new\n',
    missing: 'id\n1\n2\n',
  },
  jsonl: {
    types: '{"id":1,"qty":5}\n{"id":2,"qty":"x"}\n{"id":3}\n',
    new: '{"id":1,"qty":5,"extra":null}\n{"id":2,"qty":6,"extra":"new"}\n',
    missing: '{"id":1}\n{"id":2}\n',
  },
};
const FORMAT_NAMES = ['csv', 'jsonl'] as const;

async function ingest(
  format: 'csv' | 'jsonl',
  breach: keyof (typeof FORMATS)['csv'],
  mode: ContractMode,
  some: Partial<Contract> = {},
): Promise<Ingested> {
  const files = { [`a.${format}`]: FORMATS[format][breach] };
  return ingestFiles(await temporaryFolder(), files, COLUMNS, modes(mode, some));
}

/** The records' table without provenance. */
const values = ({ tables }: Ingested): Row[] =>
  (tables.orders ?? []).map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_'))));
const place = (text: string, record: string): { line: string; offset: string } => ({
  line: String(text.slice(0, text.indexOf(record)).split('\n').length),
  offset: String(text.indexOf(record)),
});
const columnTypes = ({ report }: Ingested): unknown => report.tables[0]?.columns.map(({ name, type }) => [name, type]);

describe.each(FORMAT_NAMES)('a value that is not of its type, a blank where one is required: %s', (format) => {
  const text = FORMATS[format].types;
  const records = text.split('\n').slice(format === 'csv' ? 1 : 0);
  const told = (kept: boolean): Row[] =>
    [
      { value: 'x', reason: 'qty: not an integer', record: records[1], cells: '{"id":"2","qty":"x"}' },
      {
        value: null,
        reason: 'qty: blank where a value is required',
        record: records[2],
        cells: '{"id":"3","qty":null}',
      },
    ].map((row) => ({
      file: `a.${format}`,
      ...place(text, row.record ?? ''),
      column: 'qty',
      expected: 'integer',
      ...row,
      kept,
    }));

  test('evolve: the column becomes wider, and nothing is lost', async () => {
    const ingested = await ingest(format, 'types', 'evolve');
    expect(values(ingested)).toEqual([
      { id: '1', qty: '5' },
      { id: '2', qty: 'x' },
      { id: '3', qty: null },
    ]);
    expect(ingested.quarantined).toEqual([]);
    expect(columnTypes(ingested)).toEqual([
      ['id', 'integer!'],
      ['qty', 'text'],
    ]);
  });

  test('freeze: the file is refused, and told is where', async () => {
    const line = format === 'csv' ? 3 : 2;
    const error = await failureOf(ingest(format, 'types', 'freeze'));
    expect(error).toMatchObject({
      type: 'ContractBreach',
      what: '2 rows do not keep to the contract; the first: qty: not an integer.',
      where: `a.${format}:${line}`,
      why: "The contract of orders says 'freeze' for types.",
    });
  });

  test('discard-row: the rows are quarantined', async () => {
    const ingested = await ingest(format, 'types', 'discard-row');
    expect(values(ingested)).toEqual([{ id: '1', qty: '5' }]);
    expect(ingested.quarantined).toEqual(told(false));
    expect(ingested.result).toMatchObject({ read: 3, staged: 1, quarantined: 2, discarded: 0 });
  });

  test('discard-value: the rows are kept without the values, which are kept aside', async () => {
    const ingested = await ingest(format, 'types', 'discard-value');
    expect(values(ingested)).toEqual([
      { id: '1', qty: '5' },
      { id: '2', qty: null },
      { id: '3', qty: null },
    ]);
    expect(ingested.quarantined).toEqual(told(true));
    expect(ingested.result).toMatchObject({ read: 3, staged: 3, quarantined: 0, discarded: 2 });
  });
});

describe.each(FORMAT_NAMES)('a column that the contract does not name: %s', (format) => {
  const text = FORMATS[format].new;
  const record = text.split('\n')[format === 'csv' ? 2 : 1] ?? '';

  test('evolve: it becomes a column', async () => {
    const ingested = await ingest(format, 'new', 'evolve');
    expect(values(ingested)).toEqual([
      { id: '1', qty: '5', extra: null },
      { id: '2', qty: '6', extra: 'new' },
    ]);
    const told = ingested.result.guards.filter(({ passed }) => !passed);
    expect(told).toMatchObject([{ severity: 'info', detail: '"extra" is new, text' }]);
  });

  test('freeze: the file is refused', async () => {
    expect(await failureOf(ingest(format, 'new', 'freeze'))).toMatchObject({
      type: 'ContractBreach',
      what: 'The file has columns that the contract does not name: "extra".',
      where: `a.${format}:1`,
    });
  });

  test('discard-row: rows that have a value in it are quarantined', async () => {
    const ingested = await ingest(format, 'new', 'discard-row');
    expect(values(ingested)).toEqual([{ id: '1', qty: '5' }]);
    expect(ingested.quarantined).toEqual([
      {
        ...{ file: `a.${format}`, ...place(text, record), column: 'extra', value: 'new', expected: 'no value' },
        reason: 'extra: value in a column that the contract does not name',
        ...{ record, cells: '{"id":"2","qty":"6","extra":"new"}', kept: false },
      },
    ]);
  });

  test('discard-value: it is left out, and told', async () => {
    const ingested = await ingest(format, 'new', 'discard-value');
    expect(values(ingested)).toEqual([
      { id: '1', qty: '5' },
      { id: '2', qty: '6' },
    ]);
    expect(ingested.report.leftOut).toEqual(['extra']);
    expect(ingested.result.guards).toContainEqual(
      expect.objectContaining({
        passed: false,
        severity: 'warning',
        detail: 'left out, as the contract does not name it: "extra"',
      }),
    );
  });
});

describe('a promised column that the file does not have', () => {
  test.each(['evolve', 'discard-value'] as const)('%s: it is NULL, and told', async (mode) => {
    const ingested = await ingest('csv', 'missing', mode);
    expect(values(ingested)).toEqual([
      { id: '1', qty: null },
      { id: '2', qty: null },
    ]);
    expect(ingested.report.missing).toEqual([{ column: 'qty', files: ['a.csv'] }]);
    expect(ingested.result.guards).toContainEqual(
      expect.objectContaining({ name: 'orders: columns', passed: false, detail: '"qty" is missing in a.csv' }),
    );
  });

  test('freeze: the file is refused', async () => {
    expect(await failureOf(ingest('csv', 'missing', 'freeze'))).toMatchObject({
      type: 'ContractBreach',
      what: 'The file lacks the promised column "qty".',
      where: 'a.csv:1',
      why: 'The header is: "id"',
    });
  });

  test('discard-row: its rows are quarantined', async () => {
    const ingested = await ingest('csv', 'missing', 'discard-row');
    expect(values(ingested)).toEqual([]);
    expect(ingested.quarantined).toMatchObject([
      { line: '2', offset: '3', column: 'qty', value: null, reason: 'qty: the file has no such column', record: '1' },
      { line: '3', offset: '5', column: 'qty', value: null, reason: 'qty: the file has no such column', record: '2' },
    ]);
  });

  test('Parquet says itself what it has', async () => {
    const bytes = await withScratchFolder(async (folder) => {
      const path = join(folder, 'p.parquet');
      await withSession(undefined, (session) =>
        session.run(`COPY (SELECT 1 AS id, 2 AS "Qty") TO ${literal(path)} (FORMAT parquet)`),
      );
      return readFile(path);
    });
    const columns: Columns = { id: 'integer', qty: 'integer' };
    const take = async (mode: ContractMode): Promise<Ingested> =>
      ingestFiles(
        await temporaryFolder(),
        { 'a.parquet': bytes },
        columns,
        modes('discard-value', { missingColumns: mode }),
      );
    expect(await failureOf(take('freeze'))).toMatchObject({
      type: 'ContractBreach',
      what: 'The file lacks the promised column "qty". Did you mean "Qty"?',
    });
    expect((await take('discard-row')).quarantined).toMatchObject([
      { file: 'a.parquet', line: '1', column: 'qty', reason: 'qty: the file has no such column', kept: false },
    ]);
    const kept = await take('discard-value');
    expect(values(kept)).toEqual([{ id: '1', qty: null }]);
    expect(kept.report.missing).toEqual([{ column: 'qty', files: ['a.parquet'] }]);
  });

  test('records that bring their own names are judged one by one: a blank', async () => {
    const [discarded, kept] = [
      await ingest('jsonl', 'missing', 'discard-row'),
      await ingest('jsonl', 'missing', 'discard-value'),
    ];
    expect(discarded.result).toMatchObject({ read: 2, staged: 0, quarantined: 2 });
    expect(kept.result).toMatchObject({ read: 2, staged: 2, discarded: 2 });
    expect(columnTypes(await ingest('jsonl', 'missing', 'evolve'))).toEqual([
      ['id', 'integer!'],
      ['qty', 'integer'],
    ]);
  });
});

describe('each kind of breach has its own mode', () => {
  test('frozen types say nothing of new columns, nor of missing ones', async () => {
    const forbidden = await ingest('csv', 'new', 'freeze', { newColumns: 'discard-row' });
    expect(forbidden.result).toMatchObject({ read: 2, staged: 1, quarantined: 1, parkedFiles: 0 });
    const missing = await ingest('csv', 'missing', 'freeze', { missingColumns: 'discard-row' });
    expect(missing.result).toMatchObject({ read: 2, staged: 0, quarantined: 2, parkedFiles: 0 });
  });

  test('a type that may become wider does not make up for a column that is not there', async () => {
    const { result, quarantined } = await ingest('csv', 'missing', 'evolve', { missingColumns: 'discard-row' });
    expect(result).toMatchObject({ read: 2, staged: 0, quarantined: 2 });
    expect(quarantined).toMatchObject([{ reason: 'qty: the file has no such column' }, { line: '3' }]);
  });

  test('a whole row that goes takes its discarded values with it', async () => {
    const text = 'id,qty,extra\n1,x,\n2,y,new\n';
    const contract = modes('discard-value', { newColumns: 'discard-row' });
    const { result, quarantined } = await ingestFiles(await temporaryFolder(), { 'a.csv': text }, COLUMNS, contract);
    expect(result).toMatchObject({ read: 2, staged: 1, quarantined: 1, discarded: 1 });
    expect(quarantined).toMatchObject([
      { line: '2', column: 'qty', value: 'x', kept: true },
      { line: '3', column: 'extra', value: 'new', kept: false },
    ]);
  });
});
