import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { fingerprint, signReceipt } from '../../../../activities/receipt/signature.ts';
import { showReceipt } from '../../../../client/cli/receipt/show.ts';
import { newKeys, writeKey } from '../../../support/keys.ts';
import { said } from '../../../support/said.ts';
import { RUN_ID, storeRun } from '../../../support/stored-run.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const keys = newKeys();
const digest = '0123456789abcdef'.repeat(4);
let home: string;
let receipt: string;

beforeEach(async () => {
  home = await temporaryFolder();
  const lake = join(home, 'dev', 'lake');
  const stored = await storeRun(lake, {}, [{ name: 'orders', report: {} }]);
  const times = { startedAt: '2025-01-01T10:00:00.000Z', finishedAt: '2025-01-01T10:00:01.500Z' };
  const kind = { format: 'csv', compression: 'gzip', encoding: 'utf-8', dialect: '; between fields' };
  const counts = {
    rows: 10,
    inserted: 7,
    updated: 0,
    unchanged: 3,
    removed: 0,
    deduplicated: 0,
    filtered: 0,
    outdated: 0,
  };
  await storeRun(lake, {}, [], {
    steps: [
      { name: 'plan', slice: null, state: 'done', ...times, durationMs: 100, rowsIn: null, rowsOut: null },
      { name: 'ingest', slice: 'orders', state: 'done', ...times, durationMs: 1_500, rowsIn: 12, rowsOut: 10 },
      { name: 'publish', slice: 'x.db', state: 'failed', ...times, durationMs: 0, rowsIn: 10, rowsOut: null },
    ],
    sources: stored.sources.map((source) => {
      return { ...source, digest, reading: { kinds: [{ ...kind, files: 1, example: 'a.csv.gz' }], columns: [] } };
    }),
    tables: [
      {
        ...{ name: 'orders', destination: 'x.db', source: 'orders', ...counts, digest, loadId: 'l', mode: 'merge' },
        ...{ quarantined: 0, reasons: [], quarantine: null },
        ...{ plan: null, stored: [], ddl: ['ALTER TABLE orders ADD COLUMN note TEXT'] },
      },
    ],
  });
  receipt = join(lake, 'receipts', 'shop', `${RUN_ID}.json`);
});

/** What it says on both streams. `trusted`: the file with the key that counts. */
async function show(form: { json?: boolean; markdown?: boolean } = {}, trusted = '') {
  vi.stubEnv('ACEQUIA_VERIFY_KEY', trusted);
  let errors = '';
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    errors += String(chunk);
    return true;
  });
  const args = { run: 'latest', environment: 'dev', json: false, markdown: false, folder: home, ...form };
  try {
    return { ...(await said(home, () => showReceipt(args))), errors };
  } finally {
    spy.mockRestore();
  }
}

const text = (): string => readFileSync(receipt, 'utf8');
const sign = (key = keys.privateKey): void => writeFileSync(`${receipt}.sig`, JSON.stringify(signReceipt(text(), key)));
const alter = (from: string, to: string): void => writeFileSync(receipt, text().replace(from, to));
const trusted = (): string => writeKey(join(home, 'trusted.pem'), keys.publicKey);

test('sources, steps, loads and what changed, beside the sums', async () => {
  const { code, text: shown } = await show();
  expect(code).toBe(0);
  expect(shown).toContain(`shop, run ${RUN_ID}, started 2025-01-01T10:00:00.000Z: succeeded`);
  expect(shown).toContain(
    [
      'sources      orders: 1 file, 100 B, sha256 0123456789ab',
      '               csv, ; between fields, utf-8, gzip',
      'steps        plan: 0.1 s',
      '             ingest orders: 1.5 s, 12 in, 10 out',
      '             publish x.db: 0.0 s, 10 in, failed',
      'loads        orders to x.db, merge: 7 inserted, 3 unchanged, digest 0123456789ab',
      'structure    ALTER TABLE orders ADD COLUMN note TEXT',
      'duration',
    ].join('\n'),
  );
  expect(shown).toContain(`receipt      dev/lake/receipts/shop/${RUN_ID}.json\n`);
  expect(shown).toMatch(/versions {5}Acequia 0, DuckDB 1, Node 20\nsignature {4}none\n$/);
});

test('--json is the file itself, byte for byte', async () => {
  const { text: shown, errors } = await show({ json: true });
  expect(shown).toBe(text());
  expect(errors).toBe('signature    none\n');
});

test('--markdown is made of the receipt, not read from beside it', async () => {
  writeFileSync(receipt.replace(/json$/, 'md'), 'all is well');
  const { text: shown } = await show({ markdown: true });
  expect(shown).toContain('| orders | 10 | 7 | 0 | 3 | 0 | 0 | x.db | merge | 0123456789ab |');
  expect(shown).not.toContain('all is well');
  await expect(show({ markdown: true, json: true })).rejects.toMatchObject({ exitCode: 2 });
});

test('a signature by the trusted key is valid', async () => {
  sign();
  const { code, text: shown } = await show({}, trusted());
  expect(code).toBe(0);
  expect(shown).toContain(`signature    ✓ valid, by the trusted key ${fingerprint(keys.publicKey)}`);
});

test('one by another key is said to be untrusted, with both keys', async () => {
  const other = newKeys();
  sign(other.privateKey);
  const { code, text: shown } = await show({}, trusted());
  expect(code).toBe(0);
  expect(shown).toContain(
    `signature    ! by the untrusted key ${fingerprint(other.publicKey)}; trusted is ${fingerprint(keys.publicKey)}`,
  );
  expect((await show()).text).toContain('nothing says whether to trust it (ACEQUIA_VERIFY_KEY does)');
});

test('where a key is trusted, a receipt without a signature is strange', async () => {
  expect((await show({}, trusted())).text).toContain('signature    ! none, though there is a key to verify with');
});

test.each([{}, { json: true }, { markdown: true }])(
  'one that was altered is told aloud, exit status 1: %j',
  async (form) => {
    sign();
    alter('"inserted":7', '"inserted":8');
    for (const key of [trusted(), '']) {
      const { code, errors } = await show(form, key);
      expect(code).toBe(1);
      expect(errors).toContain('✗ ALTERED: the receipt is not what was signed. Nothing in it can be relied on.');
      expect(errors).toContain(`where: dev/lake/receipts/shop/${RUN_ID}.json`);
    }
  },
);

test('an altered one that names another run does not lead to that one’s signature', async () => {
  sign();
  const other = receipt.replace(RUN_ID, 'other-run');
  writeFileSync(other, text());
  renameSync(`${receipt}.sig`, `${other}.sig`);
  rmSync(other);
  alter(RUN_ID, 'other-run');
  expect((await show({}, trusted())).text).toContain('signature    ! none');
});

test('an altered one that is no receipt any more is still told aloud', async () => {
  sign();
  writeFileSync(receipt, '{');
  vi.stubEnv('ACEQUIA_VERIFY_KEY', '');
  const errors: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => errors.push(String(chunk)) > 0);
  const args = { run: 'latest', environment: 'dev', json: true, markdown: false, folder: home };
  await expect(said(home, () => showReceipt(args))).rejects.toMatchObject({ exitCode: 1 });
  spy.mockRestore();
  expect(errors.join('')).toContain('✗ ALTERED');
});

test('a receipt of an earlier release is shown without what it does not have', async () => {
  const { steps: _, sources, tables, ...old } = JSON.parse(text()) as Record<string, unknown>;
  const without = (list: unknown, ...fields: string[]): unknown =>
    (list as Record<string, unknown>[]).map((one) =>
      Object.fromEntries(Object.entries(one).filter(([name]) => !fields.includes(name))),
    );
  const stored = { ...old, sources: without(sources, 'reading'), tables: without(tables, 'mode', 'stored', 'ddl') };
  writeFileSync(receipt, JSON.stringify(stored));
  const { code, text: shown } = await show();
  expect(code).toBe(0);
  expect(shown).toContain('loads        orders to x.db: 7 inserted');
  expect((await show({ markdown: true })).code).toBe(0);
});
