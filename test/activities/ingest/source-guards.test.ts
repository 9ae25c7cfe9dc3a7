import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { badRowsGuard, freshGuard } from '../../../activities/ingest/guards.ts';
import { ingestSource } from '../../../activities/ingest/ingest-source.ts';
import { expectUnchanged, findSourceFile } from '../../../activities/ingest/source-file.ts';
import type { Work } from '../../../activities/progress.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
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

describe('what is no readable file', () => {
  test('a missing one names the path, the likely one, and the way out', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'in2.csv'), 'id\n');
    const request = requestFor(folder, COLUMNS);
    await expect(ingestSource(request, quietWork())).rejects.toEqual(
      failing('SourceMissing', 'in\\.csv', 'Did you mean "in2\\.csv"', request.source.path, '--inbox'),
    );
    await expect(findSourceFile(join(folder, 'nowhere', 'x.csv'))).rejects.toEqual(
      failing('SourceMissing', 'no folder .*nowhere'),
    );
    await expect(findSourceFile(join(folder, 'in2.csv', 'x.csv'))).rejects.toEqual(failing('SourceMissing'));
    await symlink(join(folder, 'gone'), join(folder, 'link.csv'));
    await expect(findSourceFile(join(folder, 'link.csv'))).rejects.toEqual(failing('SourceMissing'));
  });

  test('a directory, a named pipe, a socket', async () => {
    const folder = await temporaryFolder();
    const at = (name: string): string => join(folder, name);
    await mkdir(at('folder.csv'));
    await promisify(execFile)('mkfifo', [at('pipe.csv')]);
    const server = createServer().listen(at('socket.csv'));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    await expect(findSourceFile(at('folder.csv'))).rejects.toEqual(failing('SourceWrongType', 'a directory'));
    await expect(findSourceFile(at('pipe.csv'))).rejects.toEqual(failing('SourceWrongType', 'a named pipe'));
    await expect(findSourceFile(at('socket.csv'))).rejects.toEqual(failing('SourceWrongType', 'a socket'));
    await symlink(at('link.csv'), at('link.csv'));
    await expect(findSourceFile(at('link.csv'))).rejects.toEqual(failing('SourceUnreadable', 'ELOOP'));
  });

  test.each([
    ['0 bytes', ''],
    ['a byte-order mark', '\ufeff'],
    ['empty lines', '\n\r\n\n'],
  ])('an empty one: %s', async (_, bytes) => {
    expect(await failure(bytes)).toEqual(failing('SourceEmpty', 'in\\.csv'));
  });
});

describe('what is no CSV file, whatever its name', () => {
  test.each([
    ['gzip', gzipSync('id,city\n1,x\n'), 'gzip'],
    ['ZIP and Excel', Buffer.from('PK\x03\x04xxxx'), 'Excel'],
    ['Parquet', Buffer.from('PAR1xxxx'), 'Parquet'],
    ['PDF', Buffer.from('%PDF-1.7\n'), 'PDF'],
    ['SQLite', Buffer.from('SQLite format 3\0xxxx'), 'SQLite'],
    ['PNG', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'PNG'],
    ['JPEG', Buffer.from('\xff\xd8\xff\xe0', 'latin1'), 'JPEG'],
    ['a program', Buffer.from('\x7fELF\x02', 'latin1'), 'ELF'],
    ['UTF-16 with its mark', Buffer.from('\ufeffid,city\n1,x\n', 'utf16le'), 'UTF-16.*\n[^]*iconv'],
    ['UTF-16 without', Buffer.from('id,city\n1,x\n', 'utf16le'), 'UTF-16LE'],
    ['NUL bytes', Buffer.alloc(1000), 'NUL'],
    ['a JSON array', Buffer.from('[{"id":1}]'), 'JSON'],
    ['JSON lines', Buffer.from(' {"id":1}\n{"id":2}\n'), 'JSON'],
    ['XML', Buffer.from('<?xml version="1.0"?><a/>'), 'XML'],
    ['HTML', Buffer.from('<!DOCTYPE html><html>'), 'XML or HTML'],
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
    expect(await failure('id,City\n1,x\n')).toEqual(
      failing(
        'ContractBreach',
        '"city"',
        'Did you mean "City"',
        'in\\.csv:1',
        'The header is: "id", "City"',
        'sources\\.orders',
      ),
    );
    expect(await failure('\n\nx,y\n')).toEqual(failing('ContractBreach', 'columns "id", "city"', 'in\\.csv:3'));
  });

  test('another delimiter is named', async () => {
    expect(await failure('id;city\n1;x\n')).toEqual(failing('ContractBreach', '";"', 'dialect\\.delimiter'));
  });

  test('a promised column stands there twice', async () => {
    expect(await failure('id,city,id\n1,x,2\n')).toEqual(failing('ContractBreach', '"id"', 'more than once'));
  });

  test('it cannot be read', async () => {
    expect(await failure('id,"city"x\n1,x\n')).toEqual(
      failing('ContractBreach', 'text after a closing quote', 'in\\.csv:1'),
    );
    expect(await failure(Buffer.from('id,city,\xe9\n', 'latin1'))).toEqual(failing('ContractBreach', 'not UTF-8'));
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
    expect(await failure(text, { newColumns: 'fail' })).toEqual(
      failing('ContractBreach', '"x", "y z"', "newColumns: 'warn'"),
    );
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
  const found = await findSourceFile(request.source.path);
  await expect(expectUnchanged(request.source.path, found, found.bytes - 1)).rejects.toEqual(failing('SourceChanging'));
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
