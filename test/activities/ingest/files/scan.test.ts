import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readClamdAddress } from '../../../../activities/ingest/files/clamd-client.ts';
import { scanFile, type ScanSettings } from '../../../../activities/ingest/files/scan.ts';
import { EICAR, startClamd } from '../../../support/clamd.ts';
import { startFakeClamd } from '../../../support/fake-clamd.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { failing, failureOf } from './failing.ts';

async function scan(
  bytes: Uint8Array | string,
  settings: ScanSettings,
  signal = new AbortController().signal,
): Promise<readonly string[]> {
  const path = join(await temporaryFolder(), 'in');
  await writeFile(path, bytes);
  return scanFile(path, 'in.csv', settings, { onBytes: () => undefined, signal });
}

test('a real clamd: clean, infected, packed, too large, over TCP and its socket', async () => {
  const { address, socket } = await startClamd();
  for (const settings of [
    { address, required: true },
    { address: socket, required: true },
  ]) {
    expect(await scan('id,city\n1,Lima\n', settings)).toEqual([]);
    expect(await scan('x'.repeat(900_000), settings)).toEqual([]);
    expect(await failureOf(scan(EICAR, settings))).toEqual(
      failing('SourceInfected', 'Test\\.EICAR', 'in\\.csv', 'do not open'),
    );
    expect(await failureOf(scan(gzipSync(EICAR), settings))).toEqual(failing('SourceInfected'));
    expect(await failureOf(scan('x'.repeat(3_000_000), settings))).toEqual(
      failing('SourceRefused', 'larger than', 'StreamMaxLength'),
    );
  }
});

test('nobody there: an error where a scan is required, else a warning', async () => {
  const gone = { address: '127.0.0.1:1', required: true };
  expect(await failureOf(scan('a\n', gone))).toEqual(
    failing('ScannerUnreachable', '127\\.0\\.0\\.1:1', 'ECONNREFUSED'),
  );
  expect(await scan('a\n', { ...gone, required: false })).toEqual([
    expect.stringMatching(/^not scanned for malware: clamd at 127.0.0.1:1 .*ECONNREFUSED/),
  ]);
  expect(await failureOf(scan('a\n', { address: '/no/such.ctl', required: true }))).toEqual(
    failing('ScannerUnreachable', 'ENOENT'),
  );
});

describe('an ill clamd is no clean bill', () => {
  test.each([
    ['hangs up', '', 'hung up'],
    ['hangs up in the middle of its answer', 'stream: O', 'hung up'],
    ['talks nonsense', 'HTTP/1.1 400 Bad Request\r\n\0', 'clamd answered'],
    ['says OK of something else', 'other: OK\0', 'clamd answered'],
    ['has an error', 'stream: lstat() failed. ERROR\0', 'lstat'],
    ['does not stop talking', 'x'.repeat(10_000), 'does not end'],
  ])('%s', async (_, reply, word) => {
    const address = await startFakeClamd((socket) => socket.once('data', () => socket.end(reply)));
    expect(await failureOf(scan('a\n', { address, required: true }))).toEqual(failing('ScannerUnreachable', word));
    expect(await scan('a\n', { address, required: false })).toHaveLength(1);
  });

  test('says nothing', async () => {
    const address = await startFakeClamd((socket) => socket.resume());
    expect(await failureOf(scan('a\n', { address, required: true, idleMs: 50 }))).toEqual(
      failing('ScannerUnreachable', 'no answer'),
    );
  });

  test('takes nothing and says nothing', async () => {
    const address = await startFakeClamd((socket) => socket.pause());
    expect(await failureOf(scan(Buffer.alloc(20_000_000), { address, required: true, idleMs: 200 }))).toEqual(
      failing('ScannerUnreachable'),
    );
  });
});

test('an answer that comes while we still send counts, also when clamd hangs up on us', async () => {
  const address = await startFakeClamd((socket) => socket.once('data', () => socket.end('stream: Bad.Thing FOUND\0')));
  expect(await failureOf(scan(Buffer.alloc(20_000_000), { address, required: true }))).toEqual(
    failing('SourceInfected', 'Bad\\.Thing'),
  );
});

test('what clamd did not look at whole is not clean', async () => {
  const reply = 'stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0';
  const address = await startFakeClamd((socket) => socket.once('data', () => socket.end(reply)));
  expect(await failureOf(scan('a\n', { address, required: true }))).toEqual(failing('SourceRefused', 'MaxScanSize'));
});

test('an abort ends it with its reason', async () => {
  const stop = new AbortController();
  const reason = new Error('cancelled');
  const address = await startFakeClamd((socket) => socket.once('data', () => stop.abort(reason)));
  expect(await failureOf(scan('a\n', { address, required: false }, stop.signal))).toBe(reason);
});

test('addresses', async () => {
  expect(readClamdAddress('localhost:3310')).toEqual({ kind: 'tcp', host: 'localhost', port: 3310 });
  expect(readClamdAddress('tcp://10.0.0.1:3310')).toEqual({ kind: 'tcp', host: '10.0.0.1', port: 3310 });
  expect(readClamdAddress('[::1]:3310')).toEqual({ kind: 'tcp', host: '::1', port: 3310 });
  expect(readClamdAddress('unix:/run/clamd.ctl')).toEqual({ kind: 'unix', path: '/run/clamd.ctl' });
  expect(readClamdAddress('unix:///run/clamd.ctl')).toEqual({ kind: 'unix', path: '/run/clamd.ctl' });
  for (const text of ['', 'localhost', 'localhost:0', 'a:99999', 'http://x:1'])
    expect(readClamdAddress(text)).toBeUndefined();
  expect(await failureOf(scan('a', { address: 'localhost', required: false }))).toEqual(failing('SettingMissing'));
});
