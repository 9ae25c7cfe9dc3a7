import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stagedKeys } from '../../../activities/ingest/staging/staged-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { requestFor, type Row } from './ingest-bytes.ts';
import { failureOf, ingestFiles, modes } from './ingest-files.ts';

const values = (rows: readonly Row[] | undefined): Row[] => (rows ?? []).map(({ id, n }) => ({ id, n }));

/** As a replay puts a file with corrected records aside. */
function handIn(folder: string, name: string, text: string): string {
  const path = join(folder, 'fixed', name);
  mkdirSync(join(folder, 'fixed'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

test('corrections that are called as what they correct are another file', async () => {
  const folder = await temporaryFolder();
  handIn(folder, 'a.csv', 'id,n\n2,20\n9,y\n');
  const { tables, quarantined, result } = await ingestFiles(
    folder,
    { 'a.csv': 'id,n\n1,10\n2,x\n' },
    { id: 'integer', n: 'integer' },
    { ...modes('discard-row'), key: ['id'], path: `${folder}/in/a.csv`, corrections: [`${folder}/fixed/a.csv`] },
  );
  expect(values(tables.orders)).toEqual([
    { id: '1', n: '10' },
    { id: '2', n: '20' },
  ]);
  expect(quarantined).toMatchObject([
    { file: 'a.csv', line: '3', value: 'x', record: '2,x' },
    { file: 'a.csv (2)', line: '3', value: 'y', record: '9,y' },
  ]);
  expect(result).toMatchObject({ read: 4, staged: 2, quarantined: 2 });
});

test('all of several are read, in their order, however the source itself is written', async () => {
  const folder = await temporaryFolder();
  const corrections = ['z.csv', 'b.csv'].map((name, index) => handIn(folder, name, `id,n\n${index + 2},${index}\n`));
  const { tables, report } = await ingestFiles(
    folder,
    { 'a.csv': 'id;n\n1;10\n' },
    { id: 'integer', n: 'integer' },
    { ...modes('discard-row'), kind: 'csv', dialect: { delimiter: ';' }, corrections },
  );
  expect(report.files.map(({ name }) => name)).toEqual(['a.csv', 'z.csv', 'b.csv']);
  expect(values(tables.orders)).toEqual([
    { id: '1', n: '10' },
    { id: '2', n: '0' },
    { id: '3', n: '1' },
  ]);
});

describe('nothing is staged without one of them', () => {
  test.each([
    ['that is gone', 'fix.csv', undefined, 'SourceMissing'],
    ['that is empty', 'fix.csv', '', 'SourceEmpty'],
    ['that is something else', 'fix.csv', '%PDF-1.7\n', 'SourceWrongType'],
    ['that lacks promised columns', 'fix.csv', 'id,other\n1,2\n', 'ContractBreach'],
    ['that is cut short', 'fix.json', '[{"id":1,"n":2},', 'SourceCorrupt'],
  ])('%s', async (_, name, text, type) => {
    const folder = await temporaryFolder();
    const path = handIn(folder, name, text ?? '');
    if (text === undefined) rmSync(path);
    const good = handIn(folder, 'good.csv', 'id,n\n7,8\n');
    const ingesting = ingestFiles(
      folder,
      { 'a.csv': 'id,n\n1,10\n' },
      { id: 'integer!', n: 'integer!' },
      { ...modes('freeze'), corrections: [good, path] },
    );
    expect(await failureOf(ingesting)).toMatchObject({
      type,
      message: expect.stringMatching(
        /^The corrected rows in fix\.\w+ cannot be read, and nothing is published without them: /,
      ) as string,
    });
  });
});

test('corrections alone are no source: where none of its own files can be read, it fails', async () => {
  const folder = await temporaryFolder();
  const corrections = [handIn(folder, 'fix.csv', 'id,n\n1,2\n')];
  const ingesting = ingestFiles(folder, { 'a.csv': '' }, {}, { ...modes('evolve'), corrections });
  expect(await failureOf(ingesting)).toMatchObject({ type: 'SourceEmpty' });
});

test('what was read as a file of the source is not taken for one that was handed in', async () => {
  const { source } = requestFor(await temporaryFolder(), {}, {});
  const keysWith = (corrections: { readonly corrections?: readonly string[] }) =>
    stagedKeys('shop', { ...source, ...corrections }, [{ name: 'a.csv', digest: 'ab' }], false);
  const [own, handedIn] = [keysWith({}), keysWith({ corrections: ['/fixed/a.csv'] })];
  expect(handedIn.identity).toBe(own.identity);
  expect(handedIn.folder).not.toBe(own.folder);
});

test('corrections that have just been written do not make an old source fresh', async () => {
  const folder = await temporaryFolder();
  const corrections = [handIn(folder, 'fix.csv', 'id,n\n1,2\n')];
  const path = join(folder, 'old.csv');
  writeFileSync(path, 'id,n\n3,4\n');
  utimesSync(path, 1, 1);
  const { result } = await ingestFiles(folder, {}, {}, { ...modes('evolve'), path, corrections, freshWithinMs: 1_000 });
  expect(result.guards.find(({ name }) => name.endsWith(': fresh'))).toMatchObject({ passed: false });
});
