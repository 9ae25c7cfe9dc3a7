import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { ingestSource } from '../../../activities/ingest/ingest-source.ts';
import type { SourceReport } from '../../../activities/ingest/staging/source-report.ts';
import { openLake } from '../../../activities/lake/lake.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
import { requestFor } from './ingest-bytes.ts';

const FILE = 'id,note\n1,a\n2,b\n';

async function written(text = FILE) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'in.csv'), text);
  const request = requestFor(folder, { id: 'integer', note: 'text' });
  const lake = join(folder, 'lake');
  const landed = (digest: string): string => join(lake, 'landing', 'sha256', digest.slice(0, 2), digest);
  return { request, lake, landed, ingest: () => ingestSource(request, quietWork()) };
}

test('the bytes as they came are in the lake, by the digest that the receipt has, and nothing is on its way any more', async () => {
  const { lake, landed, ingest } = await written();
  const { digest } = await ingest();
  expect(await readFile(landed(digest), 'utf8')).toBe(FILE);
  expect(await readdir(join(lake, 'incoming'))).toEqual([]);
});

test('the report names every file with its bytes, their digest, and where they are', async () => {
  const { request, landed, ingest } = await written();
  const { digest, report } = await ingest();
  const { files } = JSON.parse(await openLake(request.lake).readText(report)) as SourceReport;
  const landing = pathToFileURL(landed(digest)).href;
  expect(files).toMatchObject([{ name: 'in.csv', bytes: FILE.length, digest, landing }]);
});

test('they are there again where finished work is found but they are gone', async () => {
  const { landed, ingest } = await written();
  const { digest } = await ingest();
  await rm(landed(digest));
  await ingest();
  expect(await readFile(landed(digest), 'utf8')).toBe(FILE);
});

test('of a source that cannot be read nothing stays', async () => {
  const { lake, ingest } = await written('other,columns\n1,2\n');
  await expect(ingest()).rejects.toThrow();
  expect(await readdir(join(lake, 'incoming'))).toEqual([]);
  expect(await readdir(lake)).not.toContain('landing');
});

test('nothing names them before they are kept', async () => {
  const other = await written();
  const { report } = await other.ingest();
  const key = (await openLake(other.request.lake).local(report)).slice(other.lake.length + 1);
  const { request, lake, ingest } = await written();
  // A file where the folder of landed bytes should be: they can be copied, and not kept.
  await mkdir(lake);
  await writeFile(join(lake, 'landing'), '');
  await expect(ingest()).rejects.toThrow();
  expect(await openLake(request.lake).has(key)).toBe(false);
  expect(await readdir(join(lake, 'incoming'))).toEqual([]);
});
