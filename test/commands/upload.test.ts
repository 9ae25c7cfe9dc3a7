import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { RunDifference } from '../../workflows/difference.ts';
import { openObjects } from '../../activities/objects/open-objects.ts';
import { projectRoot } from '../../infra/setup/inventory.mjs';
import { receiptOf } from '../support/command.ts';
import { startS3, useSettings } from '../support/object-servers.ts';
import { askSqlite } from '../support/staged.ts';
import { useHome } from './support/home.ts';
import { run } from './support/typed.ts';

const home = useHome();
const s3 = await startS3();
const sample = join(projectRoot(), 'pipelines', 'sales', 'sample');
const secret = s3.environment.AWS_SECRET_ACCESS_KEY!;
const signal = new AbortController().signal;

beforeAll(async () => {
  useSettings(s3.environment);
  await s3.makeBucket('shop');
  const { store } = await openObjects('s3://shop/');
  for (const name of readdirSync(sample).filter((name) => name.endsWith('.csv'))) {
    await store.upload(join(sample, name), `in box/${name}`, { signal, onBytes: () => undefined });
  }
  store.close();
});

const sales = (upload: string, env: Record<string, string> = {}) =>
  run(home.path, ['start-workflow', 'sales', '--env=dev', '--as-of=2025-09-30', '--any-age', '--json'], {
    env: { ...s3.environment, SALES_INBOX: 's3://shop/in box', SALES_UPLOAD_URL: upload, ...env },
  });

/** Files below a folder that hold some text: logs, the lake, receipts, and the history in the server's database. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(text));
}

test('from a bucket into a database, and that into a bucket; once more, and nothing is sent', async () => {
  const first = await sales('s3://shop/out');
  expect(first.exitCode, first.stderr).toBe(0);
  const receipt = receiptOf(first.stdout);
  expect(receipt.sources.map(({ uri }) => uri).sort()).toEqual(
    ['clientes', 'inventario', 'productos', 'ventas'].map((name) => `s3://shop/in box/${name}.csv`),
  );
  expect(receipt.uploads.map(({ uri }) => uri).sort()).toEqual([
    's3://shop/out/empresa.db',
    ...['clientes', 'inventario', 'productos', 'ventas'].map((name) => `s3://shop/out/inputs/${name}/${name}.csv`),
    ...['clientes', 'inventario', 'productos', 'ventas'].map((name) => `s3://shop/out/tables/${name}.parquet`),
  ]);
  expect(receipt.uploads.every(({ sent }) => sent)).toBe(true);
  expect(receipt.steps.filter(({ name }) => name === 'upload')).toMatchObject([{ state: 'done', rowsIn: null }]);

  const { store } = await openObjects('s3://shop/');
  const back = home.beside('back.db');
  await store.download((await store.find('out/empresa.db', signal))!, back, { signal, onBytes: () => undefined });
  store.close();
  const rows = 'SELECT count(*), sum(cantidad) FROM ventas';
  expect(askSqlite(back, rows)).toEqual(askSqlite(home.database, rows));

  const again = receiptOf((await sales('s3://shop/out')).stdout);
  expect(again.uploads).toHaveLength(9);
  expect(again.uploads.filter(({ sent }) => sent).map(({ name }) => name)).toEqual([]);
});

test('a copy reads what a glob of a bucket covers', async () => {
  const copied = await run(home.path, ['copy', 's3://shop/in box/*tos.csv', home.beside('out.duckdb'), '--json'], {
    env: s3.environment,
  });
  expect(copied.exitCode, copied.stderr).toBe(0);
  expect(receiptOf(copied.stdout).sources).toMatchObject([
    { name: 'productos', uri: 's3://shop/in box/productos.csv' },
  ]);
});

test('what was read from a bucket is replayed from the lake, without a way to the bucket', async () => {
  const replayed = await run(home.path, ['replay', 'sales', '--diff', '--json'], {
    env: { SALES_INBOX: 's3://shop/in box' },
  });
  expect(replayed.exitCode, replayed.stderr).toBe(0);
  const { tables } = JSON.parse(replayed.stdout) as RunDifference;
  expect(tables.map(({ name, added, removed, changed }) => [name, added + removed + changed]).sort()).toEqual(
    ['clientes', 'inventario', 'productos', 'ventas'].map((name) => [name, 0]),
  );
});

test('an upload that is refused costs the run its success, and nothing that is published', async () => {
  const refused = await sales('s3://nowhere/');
  expect(refused.exitCode).toBe(1);
  const receipt = receiptOf(refused.stdout);
  expect(receipt).toMatchObject({ accounted: true, uploads: [], error: { type: 'BucketMissing', stage: 'upload' } });
  expect(receipt.tables.map(({ destination }) => destination)).toContain('empresa.db');
  expect(existsSync(home.database)).toBe(true);
});

test('with a wrong key nothing is read, and what is said of it names no secret', async () => {
  const wrong = await sales('s3://shop/out', { AWS_SECRET_ACCESS_KEY: 'wrong-marker-secret' });
  expect(wrong.exitCode).toBe(1);
  expect(wrong.stdout + wrong.stderr).toMatch(/BucketDenied[^]*AWS_ACCESS_KEY_ID/);
  expect(wrong.stdout + wrong.stderr).not.toMatch(/wrong-marker-secret/);
  expect(filesWith(home.path, 's3://shop/in box').length).toBeGreaterThan(3);
  expect([...filesWith(home.path, secret), ...filesWith(home.path, 'wrong-marker-secret')]).toEqual([]);
});
