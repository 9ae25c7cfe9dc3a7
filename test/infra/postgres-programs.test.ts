import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { postgresPrograms } from '../../infra/postgres/programs.ts';

test('the programs are where npm has put them, or where those who run them may pass', () => {
  const { bin, major } = postgresPrograms();
  expect(major).toMatch(/^\d\d$/);
  for (const program of ['initdb', 'postgres']) expect(statSync(join(bin, program)).mode & 0o111).toBe(0o111);
  expect(existsSync(join(bin, '..', 'lib'))).toBe(true);
});

test('a platform for which there are none is named, with what to do', () => {
  const arch = Object.getOwnPropertyDescriptor(process, 'arch')!;
  onTestFinished(() => void Object.defineProperty(process, 'arch', arch));
  Object.defineProperty(process, 'arch', { ...arch, value: 's390x' });
  expect(() => postgresPrograms()).toThrow(/s390x are not installed[^]*npm ci --include=optional[^]*Postgres of yours/);
});
