import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../infra/setup/inventory.mjs';

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

test('the lockfile names the packages of every platform: `npm ci` refuses one that does not', () => {
  const lockfile = readFileSync(join(projectRoot(), 'package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lockfile) as { packages: Record<string, LockedPackage> };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(packages, path, name)),
  );
  expect(missing).toEqual([]);
});

/** Sought as Node does: beside the package itself, then further up. */
function isLocked(packages: Record<string, LockedPackage>, path: string, name: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    const prefix = folder === '' || folder === '.' ? '' : `${folder}/`;
    if (`${prefix}node_modules/${name}` in packages) return true;
    if (prefix === '') return false;
  }
}
