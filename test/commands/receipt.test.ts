import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { SourceReport } from '../../activities/ingest/staging/source-report.ts';
import type { Receipt } from '../../workflows/receipt.ts';
import { fileURLToPath } from 'node:url';
import { newKeys, writeKey } from '../support/keys.ts';
import { changeSqlite } from '../support/staged.ts';
import { useHome } from './support/home.ts';
import { run } from './support/typed.ts';

const home = useHome();
const keys = newKeys();
let env: Record<string, string>;
let receipt: Receipt;
let path: string;

const typed = (...args: string[]) => run(home.path, args, { env });

beforeAll(async () => {
  mkdirSync(home.beside('.'), { recursive: true });
  env = { INIT_CWD: home.beside('.'), ACEQUIA_SIGNING_KEY: writeKey(home.beside('key.pem'), keys.privateKey) };
  const { exitCode, stdout } = await typed('start-workflow', 'sales', '--json');
  expect(exitCode).toBe(0);
  receipt = JSON.parse(stdout) as Receipt;
  path = `${home.path}/dev/lake/receipts/sales/${receipt.run.runId}.json`;
});

test('a run tells every step it took, with times that follow each other, and rows that fit the sums', () => {
  expect(receipt.steps.map(({ name, slice }) => [name, slice])).toEqual([
    ['plan', null],
    ...['productos', 'clientes', 'ventas', 'inventario'].map((source) => ['ingest', source]),
    ['transform', null],
    ['check', null],
    ['publish', 'empresa.db'],
  ]);
  for (const { state, startedAt, finishedAt, durationMs } of receipt.steps) {
    expect(state).toBe('done');
    expect(durationMs).toBe(Date.parse(finishedAt) - Date.parse(startedAt));
    expect(startedAt >= receipt.run.startedAt && finishedAt <= receipt.run.finishedAt).toBe(true);
  }
  const published = receipt.steps.find(({ name }) => name === 'publish');
  const rows = receipt.tables.reduce((sum, table) => sum + table.rows, 0);
  expect(published).toMatchObject({ rowsIn: rows, rowsOut: rows });
});

test('every source names its landed bytes in its report, and how it was read in the receipt', () => {
  for (const { digest, report, reading } of receipt.sources) {
    const { files } = JSON.parse(readFileSync(fileURLToPath(report ?? ''), 'utf8')) as SourceReport;
    expect(files.map((file) => file.digest)).toEqual([digest]);
    expect(readFileSync(fileURLToPath(files[0]?.landing ?? '')).length).toBe(files[0]?.bytes);
    expect(reading).toMatchObject({ kinds: [{ format: 'csv', files: 1 }] });
  }
  expect(receipt.sources[2]?.reading?.columns).toContainEqual({
    ...{ table: 'ventas', name: 'venta_id', type: 'integer!', origin: 'declared' },
  });
});

test('every table names the files with the rows that were published', () => {
  for (const { stored, mode } of receipt.tables) {
    expect(stored.length).toBeGreaterThan(0);
    for (const uri of stored) expect(readFileSync(fileURLToPath(uri)).subarray(0, 4).toString()).toBe('PAR1');
    expect(mode).toBe('replace');
  }
});

test('it is signed; show says so by id, pipeline and latest, and prints the same bytes', async () => {
  for (const word of [receipt.run.runId, 'sales', 'latest']) {
    const { exitCode, stdout } = await typed('receipt', 'show', word);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringContaining('signature    ✓ valid, by the trusted key sha256:'),
    ]);
  }
  const { stdout } = await typed('receipt', 'show', '--json');
  expect(`${stdout}\n`).toBe(readFileSync(path, 'utf8'));
  const markdown = await typed('receipt', 'show', '--markdown');
  expect(`${markdown.stdout}\n`).toBe(readFileSync(path.replace(/json$/, 'md'), 'utf8'));
});

test('one changed cell is found', async () => {
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.replace('"rows": 5407', '"rows": 5408'));
  const { exitCode, stderr } = await typed('receipt', 'show');
  writeFileSync(path, whole);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^✗ ALTERED: the receipt is not what was signed/);
});

test('verify: all of it holds; a receipt that contradicts itself does not, nor a table with one changed cell', async () => {
  const verify = (given = env) => run(home.path, ['receipt', 'verify'], { env: given });
  const sound = await verify();
  expect([sound.exitCode, sound.stdout]).toEqual([0, expect.stringContaining('everything is as the receipt says')]);

  const [whole, signature] = [readFileSync(path, 'utf8'), readFileSync(`${path}.sig`)];
  writeFileSync(path, whole.replace('"read": 5500', '"read": 5555'));
  rmSync(`${path}.sig`);
  const forged = await verify({ INIT_CWD: home.beside('.') });
  expect(forged.exitCode).toBe(1);
  expect(forged.stdout).toContain('✗ ventas: rows read: 5555, and not 5407 staged + 93 quarantined + 0 deduplicated');
  expect(forged.stdout).toContain(
    'the receipt itself does not hold\nthe receipt contradicts itself\nto do: find out who',
  );
  writeFileSync(path, whole);
  writeFileSync(`${path}.sig`, signature);

  await changeSqlite(`${home.path}/dev/out/sales/empresa.db`, 'UPDATE productos SET precio = 1 WHERE producto_id = 3');
  const changed = await verify();
  expect(changed.exitCode).toBe(1);
  expect(changed.stdout).toMatch(/producto_id=3: precio: \S+ → 1/);
  expect(changed.stdout).toMatch(
    /to do: find out who changed it; npm run start-workflow sales publishes the tables anew$/,
  );
});

test.each(['worker', 'start-workflow', 'receipt show'])(
  '%s does not start with a key that will not do',
  async (command) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const typedWith = (file: string) =>
      run(home.path, command.split(' '), { env: { ...env, ACEQUIA_SIGNING_KEY: file } });
    const rsa = await typedWith(writeKey(home.beside('rsa.pem'), privateKey));
    expect(rsa.exitCode).toBe(2);
    expect(rsa.stderr).toMatch(/ACEQUIA_SIGNING_KEY: ".*rsa\.pem" holds a key of the kind rsa; .*ed25519 private key/);
    const gone = await typedWith(home.beside('gone.pem'));
    expect(gone.exitCode).toBe(2);
    expect(gone.stderr).toMatch(/ACEQUIA_SIGNING_KEY: ".*gone\.pem" cannot be read \(ENOENT\)/);
  },
);

test.each([
  [['receipt', 'show', 'slaes'], /Did you mean "sales"/],
  [['receipt', 'show', 'a', 'b'], /receipt show takes \[run id \| pipeline \| latest\]/],
  [['receipt', 'shwo'], /There is no command "receipt shwo"\. Did you mean "show"/],
  [['receipt', 'show', '--json', '--markdown'], /--json and --markdown/],
])('%j is refused with exit 2', async (args, message) => {
  const { exitCode, stderr } = await typed(...args);
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
});
