import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemaAt, type Destination } from '../activities/publish/destinations.ts';
import { TYPED } from '../activities/publish/typed.ts';
import { readState, type State } from '../kill/matrix/reader.ts';
import { acequia } from '../support/command.ts';

const GOOD = 'id,day,price\n1,2025-01-01,1.50\n2,2025-01-02,2.50\n3,2025-01-02,3.50\n';
const OTHER = 'id,day,price\n4,2025-01-03,4.50\n';
const BAD = 'id,day,price\n4,2025-01-03,four\n5,2025-01-03,five\n6,2025-01-03,6.50\n';

let scratch: string;
beforeAll(async () => void (scratch = await mkdtemp(join(tmpdir(), 'acequia-blocked-'))));
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('a run that is stopped before publishing leaves the rows and the ledger as they were', () => {
  test.each([...TYPED.keys()])('$name', async (destination) => {
    const { copy, state } = await placeOf(destination);
    expect(await copy(GOOD)).toBe(0);
    const before = await state();
    expect(await copy(BAD)).toBe(3);
    expect(await state()).toEqual(before);
    // Other rows would have been seen.
    expect(await copy(OTHER)).toBe(0);
    expect(await state()).not.toEqual(before);
  });
});

/** A place below a folder of its own; copying into it gives the exit status. */
async function placeOf(destination: Destination) {
  const place = join(scratch, destination.name);
  const path = join(place, destination.path);
  for (const folder of ['in', 'out']) await mkdir(join(place, folder), { recursive: true });
  const { url, schema } = destination.server ? await schemaAt(path) : { url: '', schema: '' };
  const [to = '', ...flags] = TYPED.get(destination)?.(path, schema) ?? [];
  const file = join(place, 'in', 'orders.csv');
  const asked = ['copy', file, to, ...flags, '--declare', 'price=decimal(10,2)', '--env', 'dev'];
  return {
    copy: async (text: string) => {
      await writeFile(file, text);
      return (await acequia(join(place, 'home'), asked, { env: { WAREHOUSE_URL: url } })).exitCode;
    },
    state: (): Promise<State> => readState(destination, path, ['orders'], 'replace'),
  };
}
