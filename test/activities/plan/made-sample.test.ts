import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { madeSample } from '../../../activities/plan/made-sample.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';

/** A pipeline with a program that notes each of its calls. */
async function pipeline(program: string) {
  const folder = await temporaryFolder();
  const calls = join(folder, 'calls.txt');
  const write = async (text: string): Promise<void> => {
    await mkdir(join(folder, 'sample'), { recursive: true });
    const begin = `import { appendFileSync, writeFileSync } from 'node:fs';
const [name, to] = process.argv.slice(2);
appendFileSync(${JSON.stringify(calls)}, name + ' ');
`;
    await writeFile(join(folder, 'sample', 'generate.mjs'), begin + text);
  };
  await write(program);
  const samples = join(folder, 'samples');
  const make = (name = 'large'): Promise<string> => madeSample({ name: 'shop', folder }, name, samples, quietWork());
  return { samples, write, make, calls: () => readFile(calls, 'utf8') };
}

const GOOD = "writeFileSync(to + '/orders.csv', 'id\\n1\\n');\n";

test('a sample is made once, by its name; another program makes another', async () => {
  const { make, write, calls } = await pipeline(GOOD);
  const folder = await make();
  expect(await readFile(join(folder, 'orders.csv'), 'utf8')).toBe('id\n1\n');
  expect(await make()).toBe(folder);
  expect(await calls()).toBe('large ');
  await write(`${GOOD}// changed\n`);
  expect(await make()).not.toBe(folder);
  expect(await calls()).toBe('large large ');
});

test('what a killed making has left goes with the next one', async () => {
  const { make, samples } = await pipeline(GOOD);
  await mkdir(join(samples, 'shop', '.killed.part'), { recursive: true });
  await make();
  expect(await readdir(join(samples, 'shop'))).toEqual([expect.stringMatching(/^large-[0-9a-f]{12}$/)]);
});

test('a program that fails is told with what it said, and leaves nothing', async () => {
  const { make, samples } = await pipeline(`${GOOD}throw new Error('no sample today');\n`);
  await expect(make()).rejects.toMatchObject({
    type: 'DefinitionInvalid',
    message: expect.stringMatching(/sample large could not be made[^]*no sample today/) as string,
  });
  expect(await readdir(join(samples, 'shop'))).toEqual([]);
});
