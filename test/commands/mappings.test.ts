import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { embeddedDatabases, type EmbeddedDatabases } from '../../infra/postgres/embedded-databases.ts';
import type { Mapping } from '../../workflows/definition/index.ts';
import { acequia, killingAt } from '../support/command.ts';

/** On the sample of `payments`, with the embedded servers. The tests go on where the one before has ended. */

// Held for all of them: else each command would start the embedded Postgres anew.
let databases: EmbeddedDatabases | undefined;
let home: string;
let folder: string;

interface Listed {
  readonly shapes: readonly {
    readonly shape: string;
    readonly records: number;
    readonly paths: Readonly<Record<string, string>>;
    readonly proposal: { readonly by: string; readonly missing: readonly string[] };
  }[];
  readonly mappings: readonly { readonly id: string; readonly version: number; readonly rows: number }[];
}

const mappings = (...args: string[]) => acequia(home, ['mappings', ...args], { env: { INIT_CWD: folder } });

async function listed(): Promise<Listed> {
  return JSON.parse((await mappings('list', '--json')).stdout) as Listed;
}

async function shapeWith(path: string): Promise<string> {
  return (await listed()).shapes.find(({ paths }) => path in paths)?.shape ?? '';
}

async function proposalOf(shape: string): Promise<Mapping> {
  const { stdout } = await mappings('show', shape, '--json');
  return (JSON.parse(stdout) as { proposal: { mapping: Mapping } }).proposal.mapping;
}

function file(name: string, content: unknown): string {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'acequia-mappings-'));
  folder = mkdtempSync(join(tmpdir(), 'acequia-mappings-'));
  databases = embeddedDatabases(join(home, 'dev'));
  await databases.url('database_url', resolve('pipelines/payments/sample/main.sql'));
  const { stdout, exitCode } = await acequia(home, ['start-workflow', 'payments', '--once']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/next: {2}npm run acequia -- mappings list {3}shows the shapes/);
}, 120_000);

afterAll(async () => {
  await databases?.release();
  for (const made of [home, folder]) rmSync(made, { recursive: true, force: true });
});

test('list and show: shapes that wait, and what is proposed, without a value', async () => {
  const { shapes, mappings: inForce } = await listed();
  expect(shapes.map(({ records, proposal }) => ({ records, ...proposal }))).toEqual([
    { records: 24, by: 'matcher', missing: [] },
    { records: 24, by: 'matcher', missing: [] },
  ]);
  expect(inForce.reduce((sum, { rows }) => sum + rows, 0)).toBe(2_000);
  const { stdout } = await mappings('show', await shapeWith('monto'));
  expect(stdout).toContain('decimal comma ×24');
  expect(stdout).not.toMatch(/ref-\d|[2-9]\.234,56/);
});

test('quarantine names the records by their ids, and leads to the mappings', async () => {
  const { stdout } = await acequia(home, ['quarantine', 'show', 'latest']);
  expect(stdout).not.toContain(':null');
  expect(stdout).toContain('next:  npm run acequia -- mappings list');
  const exported = await acequia(home, ['quarantine', 'export', 'latest', join(folder, 'bad.csv')]);
  expect(exported).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('come from no file') as string });
});

test('what is wrong is said, and nothing is approved', async () => {
  const shape = await shapeWith('monto');
  const proposal = await proposalOf(shape);
  const cases: [string[], RegExp][] = [
    [['show', `${shape.slice(0, -1)}x`], /There is no shape or mapping "sh_\w+" in payments\. Did you mean "sh_/],
    [['approve', 'nothing'], /There is no shape "nothing"/],
    [['test', shape, 'absent.json'], /"absent\.json" cannot be read/],
    [['test', shape, file('broken.json', '{"id": ')], /The mapping is not one[\s\S]*broken\.json/],
    [
      ['approve', shape, file('typo.json', { ...proposal, columns: { amuont: { path: 'monto' } } })],
      /Did you mean "amount"/,
    ],
    [
      ['approve', shape, file('other.json', { ...proposal, shape: { required: { amt: 'number' } } })],
      /amt is required/,
    ],
    [['approve', shape, '--id', 'Not A Name'], /a name of small letters/],
    [['list', '--pipeline', 'sales'], /does not drain what waits/],
    [['list', '--pipeline', 'paymnts'], /Did you mean "payments"/],
  ];
  for (const [args, said] of cases) {
    const { exitCode, stderr } = await mappings(...args);
    expect(stderr, args.join(' ')).toMatch(said);
    expect(exitCode, args.join(' ')).toBe(2);
  }
  expect((await listed()).shapes).toHaveLength(2);
});

test('test, approve, approve again; the mapping says who and why', async () => {
  const shape = await shapeWith('monto');
  const tried = await mappings('test', shape);
  expect(tried.stdout).toContain('24 of 24 records become rows');
  expect(tried.stdout).toMatch(/amount=1234\.56.* currency=EUR/);
  const dry = await mappings('approve', shape, '--dry-run');
  expect(dry.stdout).toContain('nothing approved; 24 records would become rows');
  const approved = await mappings('approve', shape, '--id', 'monto-plano', '--reason', 'looked at ten');
  expect(approved.stdout).toContain('mappings: monto-plano, version 1, approved; 24 records loaded');
  expect(approved.exitCode).toBe(0);
  const again = await mappings('approve', shape);
  expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('mappings: nothing to do') as string });
  expect((await mappings('show', 'monto-plano')).stdout).toContain('version 1: person (looked at ten); 24 rows');
});

test('kill -9 while records are taken up: the same command carries on, each record once', async () => {
  const shape = await shapeWith('txn.uid');
  const mapping = { ...(await proposalOf(shape)), id: 'nested' };
  const path = file('nested.json', mapping);
  const killed = await acequia(home, ['mappings', 'approve', shape, path], {
    env: { INIT_CWD: folder, ...killingAt('redrive nested 1 | redriving') },
  });
  expect(killed.signal).toBe('SIGKILL');
  const { stdout, exitCode } = await mappings('approve', shape, path);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/nested, version 1, (?:approved; 24 records loaded|was in force)|nothing to do/);
  const { shapes, mappings: inForce } = await listed();
  expect(shapes).toEqual([]);
  expect(inForce.find(({ id }) => id === 'nested')).toMatchObject({ version: 1, rows: 24 });
  const changed = file('changed.json', { ...mapping, summary: 'another' });
  const refused = await mappings('approve', shape, changed);
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('"version": 2') as string });
  expect(readFileSync(join(home, 'dev', 'logs', 'worker.log'), 'utf8')).not.toMatch(/APROBADA|ref-\d/);
});
