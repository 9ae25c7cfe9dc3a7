import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildIsStale, builtFile, ensureBuild } from '../../infra/setup/build.mjs';
import { projectRoot } from '../../infra/setup/inventory.mjs';
import { nodeModulesNeed } from '../../infra/setup/node-modules.mjs';

let root: string;
beforeEach(() => {
  // Below node_modules, so that the compiler is found above it.
  root = mkdtempSync(join(projectRoot(), 'node_modules', '.try-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: string | object): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}

const locked = (version: string) => ({
  '': {},
  'node_modules/a': { version },
  'node_modules/other-platform': { version: '1', optional: true },
});

test('packages are missing, then stale, then as locked; an install by hand counts', () => {
  expect(nodeModulesNeed(root)).toBeUndefined(); // No lockfile: installed as a package.
  write('package-lock.json', { packages: locked('1') });
  expect(nodeModulesNeed(root)).toBe('missing');
  write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '1' } } });
  expect(nodeModulesNeed(root)).toBeUndefined();
  expect(readFileSync(join(root, 'node_modules', '.acequia-lockfile'), 'utf8')).toMatch(/^[0-9a-f]{64}$/);
  write('package-lock.json', { packages: locked('2') });
  expect(nodeModulesNeed(root)).toMatch(/not what package-lock.json says/);
});

test('a package too many is stale as well', () => {
  write('package-lock.json', { packages: locked('1') });
  write('node_modules/.package-lock.json', {
    packages: { 'node_modules/a': { version: '1' }, 'node_modules/left': { version: '1' } },
  });
  expect(nodeModulesNeed(root)).toMatch(/not what/);
});

test('the build follows its sources: compiled once, again after an edit, threads as files of their own', async () => {
  write('client/cli/main.ts', "import { shared } from '../../workflows/shared.ts'\nexport const main: string = shared");
  write('workflows/shared.ts', "export const shared = 'one'");
  write('activities/ingest/scan.thread.ts', "import { shared } from '../../workflows/shared.ts'\nconsole.log(shared)");
  expect(buildIsStale(root)).toBe(true);
  await ensureBuild(root);
  expect(buildIsStale(root)).toBe(false);
  expect(existsSync(builtFile('activities/ingest/scan.thread.ts', root))).toBe(true);
  expect(await mainOf('one')).toBe('one');

  const chunks = () => readdirSync(join(root, 'dist', 'chunks'));
  const before = chunks();
  write('workflows/shared.ts', "export const shared = 'another'");
  expect(buildIsStale(root)).toBe(true);
  await ensureBuild(root);
  expect(await mainOf('two')).toBe('another');
  // A run that started before may still want its chunks.
  expect(chunks()).toEqual(expect.arrayContaining(before));
  expect(chunks().length).toBeGreaterThan(before.length);
  expect(readdirSync(join(root, 'dist')).filter((name) => name.endsWith('.new'))).toEqual([]);
});

test('what the build no longer writes goes after a day', async () => {
  write('client/cli/main.ts', 'export const main = 1');
  write('dist/chunks/old.js', 'old');
  write('dist/chunks/recent.js', 'recent');
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
  utimesSync(join(root, 'dist/chunks/old.js'), twoDaysAgo, twoDaysAgo);
  await ensureBuild(root);
  expect(readdirSync(join(root, 'dist/chunks'))).toEqual(['recent.js']);
});

test('sources that do not compile are named with file, line and column, and stay stale', async () => {
  write('client/cli/main.ts', 'export const main =\nexport const other = 1');
  await expect(ensureBuild(root)).rejects.toThrow(/client\/cli\/main\.ts:2:1: Unexpected "export"/);
  expect(buildIsStale(root)).toBe(true);
});

async function mainOf(query: string): Promise<unknown> {
  const loaded = (await import(`${builtFile('client/cli/main.ts', root)}?${query}`)) as { main: unknown };
  return loaded.main;
}
