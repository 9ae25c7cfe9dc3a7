import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { badRowsGuard } from '../../../workflows/bad-rows-guard.ts';
import { freshGuard } from '../../../activities/ingest/guards.ts';
import { ingestSource } from '../../../activities/ingest/ingest-source.ts';
import type { Work } from '../../../activities/progress.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { ingestBytes, requestFor, type Columns } from './ingest-bytes.ts';

const COLUMNS: Columns = { id: 'integer!', city: 'text' };
const START = '2026-01-02T00:00:00Z';

async function failure(bytes: Uint8Array | string, source: Parameters<typeof ingestBytes>[3] = {}): Promise<unknown> {
  return ingestBytes(await temporaryFolder(), bytes, COLUMNS, source).then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

const failing = (type: string, ...words: string[]): unknown =>
  expect.objectContaining({
    type,
    message: expect.stringMatching(new RegExp(words.map((word) => `(?=[^]*${word})`).join(''))) as unknown,
  });

test.each([
  ['0 bytes', ''],
  ['a byte-order mark', '\ufeff'],
  ['empty lines', '\n\r\n\n'],
])('an empty file: %s', async (_, bytes) => {
  expect(await failure(bytes)).toEqual(failing('SourceEmpty', 'in\\.csv'));
});

describe('what is no CSV file, whatever its name', () => {
  test.each([
    ['PDF', Buffer.from('%PDF-1.7\n'), 'PDF'],
    ['SQLite', Buffer.from('SQLite format 3\0xxxx'), 'SQLite'],
    ['PNG', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'PNG'],
    ['JPEG', Buffer.from('\xff\xd8\xff\xe0', 'latin1'), 'JPEG'],
    ['a program', Buffer.from('\x7fELF\x02', 'latin1'), 'ELF'],
    ['NUL bytes', Buffer.alloc(1000), 'NUL'],
    ['a JSON array', Buffer.from('[{"id":1}]'), 'JSON'],
    ['JSON lines', Buffer.from(' {"id":1}\n{"id":2}\n'), 'JSON'],
    ['XML', Buffer.from('<?xml version="1.0"?><a/>'), 'XML'],
    ['HTML', Buffer.from('<!DOCTYPE html><html>'), 'HTML'],
  ])('%s', async (_, bytes, word) => {
    expect(await failure(bytes)).toEqual(failing('SourceWrongType', word));
  });

  test('but a NUL among much text is one bad row', async () => {
    const { result } = await ingestBytes(await temporaryFolder(), `id,city\n1,\0\n${'2,x\n'.repeat(20)}`, COLUMNS);
    expect(result.reasons).toEqual([{ reason: 'NUL byte', rows: 1 }]);
  });
});

describe('the header against the contract', () => {
  test('a promised column is missing', async () => {
    expect(await failure('id,Cty\n1,x\n')).toEqual(
      failing(
        'ContractBreach',
        '"city"',
        'Did you mean "Cty"',
        'in\\.csv:1',
        'The header is: "id", "Cty"',
        'sources\\.orders',
      ),
    );
    expect(await failure('\n\nx,y\n')).toEqual(failing('ContractBreach', 'columns "id", "city"', 'in\\.csv:3'));
  });

  test('a name that means the same is the promised column, and so is one behind another delimiter', async () => {
    const { staged } = await ingestBytes(await temporaryFolder(), 'ID;City\n1;x\n', COLUMNS);
    expect(staged).toMatchObject([{ id: '1', city: 'x' }]);
  });

  test('a declared delimiter is held to', async () => {
    expect(await failure('id;city\n1;x\n', { dialect: { delimiter: ',' } })).toEqual(
      failing('ContractBreach', 'The header is: "id;city"'),
    );
  });

  test('a promised column stands there twice', async () => {
    expect(await failure('id,city,id\n1,x,2\n')).toEqual(failing('ContractBreach', '"id"', 'more than once'));
  });

  test('it cannot be read', async () => {
    expect(await failure('id,"city"x\n1,x\n')).toEqual(failing('DialectUnsure', 'in\\.csv:1'));
  });

  test('columns beyond it are left out with a warning, or stop the file', async () => {
    const text = 'x,id,"y z",city\n1,2,3,4\n';
    const { result, staged } = await ingestBytes(await temporaryFolder(), text, COLUMNS);
    expect(staged).toEqual([{ id: '2', city: '4', _line: '2', _offset: '16' }]);
    expect(result.guards).toContainEqual({
      name: 'orders: columns',
      severity: 'warning',
      passed: false,
      detail: 'left out, as the contract does not name them: "x", "y z"',
    });
    const contract = { newColumns: 'freeze', missingColumns: 'freeze', types: 'discard-row' } as const;
    expect(await failure(text, { contract })).toEqual(failing('ContractBreach', '"x", "y z"', "newColumns: 'evolve'"));
  });

  test('a header of 100 KB is read', async () => {
    const wide = Array.from({ length: 9_000 }, (_, n) => `column_${n}`).join(',');
    const { result } = await ingestBytes(await temporaryFolder(), `id,city,${wide}\n`, COLUMNS);
    expect(result.read).toBe(0);
  });

  test('columns that differ only in capitals, or are named as provenance', async () => {
    const folder = await temporaryFolder();
    await expect(ingestBytes(folder, 'a,A\n', { a: 'text', A: 'text' })).rejects.toEqual(
      failing('DefinitionInvalid', '"A"'),
    );
    await expect(ingestBytes(folder, '_line\n', { _line: 'text' })).rejects.toEqual(
      failing('DefinitionInvalid', '_line'),
    );
    await expect(ingestBytes(folder, 'a\n', { a: 'text' }, { key: ['b'] })).rejects.toEqual(
      failing('DefinitionInvalid', '"b"'),
    );
  });
});

test('a file that changes while it is read is tried again later', async () => {
  const folder = await temporaryFolder();
  const request = requestFor(folder, COLUMNS);
  await writeFile(request.source.path, 'id,city\n1,x\n');
  const work: Work = {
    signal: new AbortController().signal,
    report: ({ step }) => {
      if (step === 'landing') appendFileSync(request.source.path, '2,y\n');
    },
  };
  await expect(ingestSource(request, work)).rejects.toEqual(failing('SourceChanging', 'in\\.csv'));
});

describe('what is said about age and bad rows', () => {
  const { source } = requestFor('/inbox', COLUMNS, { freshWithinMs: 86_400_000, failAbove: 0.05 });

  test('age is counted to the start of the run', () => {
    const changed = Date.parse(START) - 86_400_000;
    expect(freshGuard(source, changed, START)).toMatchObject([{ passed: true, detail: '' }]);
    expect(freshGuard(source, changed - 1, START)).toEqual([
      {
        name: 'orders: fresh',
        severity: 'error',
        passed: false,
        detail:
          '/inbox/in.csv was last changed at 2025-12-31T23:59:59Z; this run started at 2026-01-02T00:00:00Z, 1 day later, and at most 1 day is promised; --any-age takes it all the same',
      },
    ]);
    expect(freshGuard({ ...requestFor('/inbox', COLUMNS).source }, 0, START)).toEqual([]);
  });

  test.each([
    [0, 0, true, 'warning', ''],
    [5_500, 93, false, 'warning', '93 of 5,500 rows quarantined (1.7 %, limit 5 %): 93 × duplicate id'],
    [1, 1, false, 'error', '1 of 1 row quarantined (100 %, limit 5 %): 1 × duplicate id'],
    [10_000, 501, false, 'error', '501 of 10,000 rows quarantined (5.01 %, limit 5 %): 501 × duplicate id'],
    [100, 5, false, 'warning', '5 of 100 rows quarantined (5 %, limit 5 %): 5 × duplicate id'],
  ])('%i rows with %i bad ones', (read, quarantined, passed, severity, detail) => {
    const reasons = quarantined > 0 ? [{ reason: 'duplicate id', rows: quarantined }] : [];
    expect(badRowsGuard(source, { read, quarantined, reasons })).toEqual({
      name: 'orders: bad rows',
      severity,
      passed,
      rows: quarantined,
      detail,
    });
  });
});
