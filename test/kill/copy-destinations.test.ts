import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemaAt, type Destination } from '../activities/publish/destinations.ts';
import { TYPED } from '../activities/publish/typed.ts';
import { acequia, killingAt, receiptOf } from '../support/command.ts';
import { holdAgainstDocs } from './matrix/guarantees.ts';
import { readState, type State } from './matrix/reader.ts';

/** Whole commands that append to every kind of destination, while their worker or their Temporal server is killed. */

/** Copies to these are killed in tests of their own: kill.test.ts, copy-kill.test.ts. */
const ELSEWHERE = ['SQLite', 'DuckDB'];
const HERE = [...TYPED.keys()].filter(({ name }) => !ELSEWHERE.includes(name));

/** Right before the first row can be seen, and right after the last one is. */
const MOMENTS = ['committing', 'committed'];

const ROWS = `id,day,price\n${Array.from({ length: 1_000 }, (_, n) => `${n},2025-01-0${(n % 3) + 1},${n}.5\n`).join('')}`;

let scratch: string;
beforeAll(async () => void (scratch = await mkdtemp(join(tmpdir(), 'acequia-kill-destinations-'))));
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe.each(HERE)('$name', (destination) => {
  let undisturbed: Done;
  beforeAll(async () => void (undisturbed = await copied(destination, 'undisturbed', [{}])));

  test('the worker is killed, and killed again: the same command carries on, and no row is there twice', async () => {
    const killed = MOMENTS.map((moment) => ({ killAt: moment }));
    const done = await copied(destination, 'worker', [...killed, {}]);
    expect(done).toEqual({ ...undisturbed, exits: ['SIGKILL', 'SIGKILL', 0] });
    await holdAgainstDocs(destination.name, 'worker killed', 'carried on, loaded once');
  });

  test('the Temporal server is killed and comes back: the command does not notice', async () => {
    const record = join('home', 'dev', 'server.json');
    const done = await copied(destination, 'server', [{ killAt: 'committing', record }]);
    expect(done).toEqual(undisturbed);
    await holdAgainstDocs(destination.name, 'Temporal server killed', 'carried on, loaded once');
  });
});

interface Done {
  readonly exits: readonly unknown[];
  readonly receipt: unknown;
  readonly tables: State['tables'];
  /** How many loads the ledger tells of. */
  readonly loads: number;
}

interface Attempt {
  readonly killAt?: string;
  /** What names the process that is killed, if it is not the command itself: a file, below the place. */
  readonly record?: string;
}

/** Copies as often as is asked for. */
async function copied(destination: Destination, name: string, attempts: readonly Attempt[]): Promise<Done> {
  const place = join(scratch, `${destination.name} ${name}`);
  const path = join(place, destination.path);
  for (const folder of ['in', 'out']) await mkdir(join(place, folder), { recursive: true });
  await writeFile(join(place, 'in', 'orders.csv'), ROWS);
  const { url, schema } = destination.server ? await schemaAt(path) : { url: '', schema: '' };
  const [to = '', ...flags] = TYPED.get(destination)?.(path, schema) ?? [];
  const publishing = `publish ${destination.server ? to : basename(path)}`;
  const exits: unknown[] = [];
  let receipt: unknown;
  for (const { killAt, record } of attempts) {
    const args = ['copy', join(place, 'in', 'orders.csv'), to, ...flags, '--mode', 'append', '--env', 'dev', '--json'];
    const switched = killAt ? killingAt(`${publishing} | ${killAt}`, record && join(place, record)) : {};
    const command = acequia(join(place, 'home'), args, { env: { ...switched, WAREHOUSE_URL: url } });
    const { exitCode, signal, stdout, stderr } = await command;
    exits.push(signal ?? exitCode);
    if (signal) continue;
    expect(exitCode, stderr).toBe(0);
    const { accounted, tables } = receiptOf(stdout);
    receipt = { accounted, tables: tables.map(({ rows, inserted, digest }) => ({ rows, inserted, digest })) };
  }
  const { tables, ledger } = await readState(destination, path, ['orders'], 'append');
  return { exits, receipt, tables, loads: ledger.length };
}
