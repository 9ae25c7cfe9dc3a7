import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readRows, type ReadingSizes } from '../../../../activities/ingest/rows/read-rows.ts';
import { csv } from '../csv/read-csv.ts';
import { jobOn, layoutOf } from './reading-job.ts';
import { column } from './row-file.ts';

/** Threads of this process, as the system counts them. */
async function threads(): Promise<number> {
  return (await readdir('/proc/self/task')).length;
}

const sizes: readonly (readonly [string, ReadingSizes])[] = [
  ['one thread', { windowBytes: 1 << 16, smallBytes: 1 << 30 }],
  ['several threads', { windowBytes: 1 << 16, smallBytes: 0 }],
];

test.each(sizes)('an abort ends %s and leaves neither thread nor file', async (_, how) => {
  const job = await jobOn(
    `id\n${'12345\n'.repeat(2_000_000)}`,
    csv(['id']),
    layoutOf([column('id', { kind: 'integer' })]),
  );
  const before = await threads();
  const stop = new AbortController();
  let told = 0;
  const reading = readRows(
    job,
    () => {
      told += 1;
      if (told === 2) stop.abort(new Error('enough'));
    },
    stop.signal,
    how,
  );
  await expect(reading).rejects.toThrow('enough');
  expect(told).toBeLessThan(20);
  expect(await readdir(job.folder)).toEqual([]);
  await expect.poll(threads).toBeLessThanOrEqual(before);
  await expect(readRows(job, () => undefined, stop.signal, how)).rejects.toThrow('enough');
  expect(await readdir(job.folder)).toEqual([]);
});
