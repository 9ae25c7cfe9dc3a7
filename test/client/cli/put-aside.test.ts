import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { putAside } from '../../../client/cli/put-aside.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('bytes are kept under their digest, once', async () => {
  const folder = join(await temporaryFolder(), 'stdin');
  const bytes = Buffer.from('a,b\r\n1,\xff\0\n', 'latin1');
  const input = (): Readable => Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]);
  const path = await putAside(input(), folder, 'stdin.csv', '-');
  expect(path).toBe(join(folder, createHash('sha256').update(bytes).digest('hex'), 'stdin.csv'));
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(await putAside(input(), folder, 'stdin.csv', '-')).toBe(path);
  expect(readdirSync(folder)).toHaveLength(1);
});

test('nothing at all is an error, and leaves nothing', async () => {
  const folder = join(await temporaryFolder(), 'stdin');
  await expect(putAside(Readable.from([]), folder, 'stdin', 'standard input (-)')).rejects.toMatchObject({
    type: 'SourceEmpty',
    where: 'standard input (-)',
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('an input that breaks off is no file', async () => {
  const folder = join(await temporaryFolder(), 'stdin');
  const broken = new Readable({
    read() {
      this.push('a,b\n');
      this.destroy(new Error('the pipe broke'));
    },
  });
  await expect(putAside(broken, folder, 'stdin', '-')).rejects.toThrow('the pipe broke');
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
});
