import { appendFileSync, existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { findFiles } from '../../../../activities/files/find-files.ts';
import { FILE_LIMITS } from '../../../../activities/ingest/files/limits.ts';
import { landFile } from '../../../../activities/ingest/files/land-file.ts';
import {
  openFile,
  type FailedFile,
  type OpenedFile,
  type OpenOptions,
} from '../../../../activities/ingest/files/open-file.ts';
import { openLake } from '../../../../activities/lake/lake.ts';
import { EICAR } from '../../../support/clamd.ts';
import { startFakeClamd } from '../../../support/fake-clamd.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { quietWork } from '../../../support/work.ts';
import { failing, failureOf } from './failing.ts';
import { rawZip } from './raw-zip.ts';

type Opened = (OpenedFile & { readonly text: string }) | FailedFile;

async function open(name: string, bytes: Uint8Array | string, options: Partial<OpenOptions> = {}): Promise<Opened[]> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  const lake = openLake(pathToFileURL(join(await temporaryFolder(), 'lake')).href);
  const folder = await temporaryFolder();
  const found = await findFiles(path);
  const opened: Opened[] = [];
  try {
    for (const file of found.files) {
      const landing = await landFile(file, lake, { folder, signal: quietWork().signal, onBytes: () => undefined });
      for await (const item of openFile(file, landing, { work: quietWork(), folder, ...options })) {
        if (item.kind === 'failed') opened.push(item);
        else opened.push({ ...item, text: (await readFile(item.path)).subarray(item.textStart).toString('utf8') });
      }
    }
  } finally {
    expect(await readdir(folder)).toEqual([]);
  }
  return opened;
}

test('plain UTF-8 is read where it landed', async () => {
  const [file] = await open('in.csv', '\ufeffa,b\n1,ñ\n');
  expect(file).toMatchObject({
    kind: 'file',
    name: 'in.csv',
    text: 'a,b\n1,ñ\n',
    bytes: 12,
    textStart: 3,
    format: 'csv',
    compression: 'none',
    encoding: { encoding: 'utf-8', confidence: 'certain' },
    landed: { bytes: 12, digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
    warnings: [],
  });
  expect(file?.kind === 'file' && file.path).toContain('/lake/incoming/');
});

test('packed and in another encoding; the landed bytes are those that came', async () => {
  const bytes = gzipSync(Buffer.from('\ufeffid,ciudad\n1,Bogotá\n', 'utf16le'));
  const [file] = await open('ventas.csv.gz', bytes);
  expect(file).toMatchObject({
    name: 'ventas.csv.gz',
    text: 'id,ciudad\n1,Bogotá\n',
    bytes: 20,
    textStart: 0,
    format: 'csv',
    compression: 'gzip',
    encoding: { encoding: 'utf-16le' },
    landed: { bytes: bytes.length },
  });
});

test('an archive: each entry by its own format and encoding, the bad ones alone', async () => {
  const opened = await open(
    'all.zip',
    rawZip(
      { name: '__MACOSX/._a' },
      { name: 'a.csv', content: 'a\n1\n' },
      { name: 'in/b.jsonl', content: '{"a":1}\n{"a":2}\n' },
      { name: 'c.csv', crc: 1 },
      { name: 'd.zip', content: rawZip({ name: 'x' }).toString('latin1') },
      { name: 'e.csv', content: '%PDF-1.4' },
      { name: 'f.xml', content: '<a><b/></a>' },
    ),
  );
  expect(opened).toMatchObject([
    { name: 'all.zip!a.csv', format: 'csv', text: 'a\n1\n', warnings: ['left out of the archive: __MACOSX/._a'] },
    { name: 'all.zip!in/b.jsonl', format: 'jsonl', compression: 'zip', warnings: [] },
    { kind: 'failed', name: 'all.zip!c.csv', error: { type: 'SourceCorrupt' } },
    {
      kind: 'failed',
      name: 'all.zip!d.zip',
      error: { type: expect.stringMatching(/^Source(WrongType|Corrupt)$/) as unknown },
    },
    { kind: 'failed', name: 'all.zip!e.csv', error: { type: 'SourceWrongType' } },
    { name: 'all.zip!f.xml', format: 'xml' },
  ]);
  expect(new Set(opened.map((file) => file.landed?.digest)).size).toBe(1);
});

test.each([
  ['a gz that ends early', 'in.csv.gz', gzipSync('a\n1\n'.repeat(99)).subarray(0, 20), 'SourceCorrupt'],
  ['packed twice', 'in.csv.gz', gzipSync(gzipSync('a\n')), 'SourceWrongType'],
  [
    'UTF-16 of odd length',
    'in.csv',
    Buffer.concat([Buffer.from('\ufeffa\n', 'utf16le'), Buffer.from('x')]),
    'SourceEncoding',
  ],
  ['only a mark', 'in.csv', Buffer.from('\ufeff'), 'SourceEmpty'],
  ['a picture', 'in.csv', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'SourceWrongType'],
])('it fails as a file, and is not thrown: %s', async (_, name, bytes, type) => {
  expect(await open(name, bytes)).toMatchObject([
    { kind: 'failed', name, error: { type }, landed: { bytes: bytes.length } },
  ]);
});

test('a file larger than allowed is not even landed', async () => {
  const path = join(await temporaryFolder(), 'in.csv');
  await writeFile(path, 'a\n1\n');
  const lakeFolder = join(dirname(path), 'lake');
  const [file] = (await findFiles(path)).files;
  const landing = landFile(file!, openLake(pathToFileURL(lakeFolder).href), {
    folder: dirname(path),
    signal: quietWork().signal,
    onBytes: () => undefined,
    limits: { ...FILE_LIMITS, fileBytes: 3 },
  });
  expect(await failureOf(landing)).toEqual(failing('SourceRefused', '4 bytes', 'limits\\.fileBytes'));
  expect(existsSync(lakeFolder)).toBe(false);
});

test('warnings: a wrong name, a guessed encoding', async () => {
  const [wrong] = await open('in.csv.gz', '{"a":1}\n{"a":2}\n');
  expect(wrong).toMatchObject({
    format: 'jsonl',
    warnings: ['its name says gzip, but it is not packed', expect.stringContaining('is read as such') as unknown],
  });
  const [guessed] = await open('in.csv', Buffer.from('a\nBogot\xe1\nBol\xedvar\n', 'latin1'));
  expect(guessed).toMatchObject({ text: 'a\nBogotá\nBolívar\n', warnings: [expect.stringContaining('iso-8859-1')] });
});

test('what is declared goes through', async () => {
  const [file] = await open('in.txt', Buffer.from('{"a":"\x80"}', 'latin1'), {
    format: 'jsonl',
    encoding: 'windows-1252',
  });
  expect(file).toMatchObject({ format: 'jsonl', text: '{"a":"€"}', warnings: [] });
  expect(await failureOf(open('in.txt', 'a', { encoding: 'ebcdic' }))).toEqual(failing('DefinitionInvalid'));
});

test('scanning: an infected file is one that failed; a scanner that is needed and gone is thrown, to be tried again', async () => {
  const address = await startFakeClamd((socket) => socket.once('data', () => socket.end('stream: Bad FOUND\0')));
  expect(await open('in.csv', EICAR, { scan: { address, required: true } })).toMatchObject([
    { kind: 'failed', error: { type: 'SourceInfected' } },
  ]);
  const gone = '127.0.0.1:1';
  expect(await failureOf(open('in.csv', 'a\n', { scan: { address: gone, required: true } }))).toEqual(
    failing('ScannerUnreachable'),
  );
  expect(await open('in.csv', 'a\n', { scan: { address: gone, required: false } })).toMatchObject([
    { text: 'a\n', warnings: [expect.stringContaining('not scanned')] },
  ]);
});

test('a file that grows while it lands is thrown, to be tried again', async () => {
  const path = join(await temporaryFolder(), 'in.csv');
  await writeFile(path, 'a\n1\n');
  const [file] = (await findFiles(path)).files;
  const lake = openLake(pathToFileURL(join(dirname(path), 'lake')).href);
  const landed = landFile(file!, lake, {
    folder: dirname(path),
    signal: quietWork().signal,
    onBytes: () => appendFileSync(path, '2\n'),
  });
  expect(await failureOf(landed)).toEqual(failing('SourceChanging'));
});

test('who stops in the middle leaves nothing behind', async () => {
  const folder = await temporaryFolder();
  const path = join(await temporaryFolder(), 'in.zip');
  await writeFile(path, rawZip({ name: 'a' }, { name: 'b' }));
  const lake = openLake(pathToFileURL(join(dirname(path), 'lake')).href);
  const [file] = (await findFiles(path)).files;
  const landing = await landFile(file!, lake, { folder, signal: quietWork().signal, onBytes: () => undefined });
  for await (const item of openFile(file!, landing, { work: quietWork(), folder })) {
    expect(item.kind === 'file' && (await readFile(item.path, 'utf8'))).toBe('a\n1\n');
    break;
  }
  expect(await readdir(folder)).toEqual([]);
});

test('an XML document says its encoding itself', async () => {
  const text = '<?xml version="1.0" encoding="ISO-8859-1"?><a><b>ñandú</b><b>x</b></a>';
  const [file] = await open('in.xml', Buffer.from(text, 'latin1'));
  expect(file).toMatchObject({ format: 'xml', text, encoding: { encoding: 'iso-8859-1' } });
});
