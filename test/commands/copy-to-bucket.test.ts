import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openObjects } from '../../activities/objects/open-objects.ts';
import { receiptOf } from '../support/command.ts';
import { startS3 } from '../support/object-servers.ts';
import { useDev, useHome } from './support/home.ts';
import { run } from './support/typed.ts';

const s3 = await startS3();
const secret = s3.environment['AWS_SECRET_ACCESS_KEY'] ?? '';
Object.assign(process.env, s3.environment);

const home = useHome();
useDev(home);

beforeAll(async () => {
  mkdirSync(home.beside('.'), { recursive: true });
  await s3.makeBucket('copies');
});

const typed = (...args: string[]) => run(home.path, args, { env: { INIT_CWD: home.beside('.') } });

/** What stands in the bucket, as the server keeps it. */
const stored = async (): Promise<string[]> => {
  const entries = await readdir(join(s3.folder, 'objects', 'copies'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.map((file) => file.slice(join(s3.folder, 'objects', 'copies').length + 1)).sort();
};

test('a file becomes Parquet in a bucket, is merged into, verified there, and changed behind our back', async () => {
  writeFileSync(home.beside('ventas.csv'), 'id;dia;importe\n1;2025-03-07;19.90\n2;2025-03-08;5\n');
  const to = ['s3://copies/tables/', '--mode=merge', '--key=id', '--partition-by=dia'];
  const first = await typed('copy', 'ventas.csv', ...to);
  expect(first.exitCode, first.stderr + first.stdout).toBe(0);
  expect(first.stdout).toContain("read_parquet('s3://copies/tables/ventas/**/*.parquet', hive_partitioning = true)");
  writeFileSync(home.beside('ventas.csv'), 'id;dia;importe\n2;2025-03-08;6\n3;2025-03-09;7\n');
  const second = await typed('copy', 'ventas.csv', ...to, '--json');
  expect(second.exitCode, second.stderr).toBe(0);
  const { tables, destinations } = receiptOf(second.stdout);
  expect(tables).toMatchObject([{ inserted: 1, updated: 1, destination: 's3://copies/tables' }]);
  expect(destinations).toMatchObject([{ kind: 'parquet', path: 's3://copies/tables' }]);
  expect(await stored()).toEqual(['07', '08', '09'].map((day) => `tables/ventas/dia=2025-03-${day}/ventas.parquet`));

  const verified = await typed('receipt', 'verify', 'latest');
  expect(verified.exitCode, verified.stdout + verified.stderr).toBe(0);
  const [march7 = '', , march9 = ''] = await stored();
  const { store } = await openObjects('s3://copies');
  const transfer = { signal: new AbortController().signal, onBytes: () => undefined };
  await store.upload(join(s3.folder, 'objects', 'copies', march7), march9, transfer);
  const altered = await typed('receipt', 'verify', 'latest');
  expect(altered.exitCode).toBe(1);
  expect(altered.stdout).toContain('s3://copies/tables');
  for (const { stdout, stderr } of [first, second, verified, altered]) expect(stdout + stderr).not.toContain(secret);
});

test.each([
  ['a bucket that is not there', 's3://nowhere-at-all/tables/', {}, /no such bucket[^]*s3:\/\/nowhere-at-all/],
  [
    'a wrong key',
    's3://copies/tables/',
    { AWS_SECRET_ACCESS_KEY: 'wrong' },
    /does not allow that[^]*s3:\/\/copies\/tables/,
  ],
])('%s is told in words, as a destination and as a lake', async (_, place, env, words) => {
  writeFileSync(home.beside('one.csv'), 'id\n1\n');
  const own = { env: { INIT_CWD: home.beside('.'), ...env, TEMPORAL_ADDRESS: 'embedded' } };
  const other = join(home.path, '..', `other${place.length}`);
  const copied = await run(other, ['copy', 'one.csv', place], own);
  expect([copied.exitCode, copied.stdout + copied.stderr]).toEqual([1, expect.stringMatching(words)]);
  const lake = { env: { ...own.env, ACEQUIA_LAKE: place } };
  const shown = await run(other, ['receipt', 'show', 'latest'], lake);
  expect([shown.exitCode === 0, shown.stdout + shown.stderr]).toEqual([false, expect.stringMatching(words)]);
  expect(shown.stderr + copied.stderr).not.toContain(secret);
});
