import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installAt } from '../../infra/setup/cache-folder.mjs';
import { npmEnvironment } from '../../infra/setup/npm-environment.mjs';
import { oneAtATime } from '../../infra/setup/one-at-a-time.mjs';
import { tryWays, type Way } from '../../infra/setup/try-ways.mjs';
import { usesOwnServer } from '../../infra/setup/inventory.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acequia-set-up-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const gone: string[] = [];
afterEach(() => gone.splice(0));

function way(name: string, outcome: 'arrives' | 'fails' | 'closed'): Way {
  return {
    name,
    command: `get --by ${name}`,
    expected: 'no time',
    cannot: () => (outcome === 'closed' ? `no ${name} here` : undefined),
    go: () => {
      gone.push(name);
      return outcome === 'arrives' ? Promise.resolve() : Promise.reject(new Error(`${name} is broken`));
    },
  };
}

const thing = { what: 'the thing', why: 'which all need' };

test('ways are gone in their order, closed ones left out, until one arrives', async () => {
  await tryWays({
    ...thing,
    ways: [way('first', 'fails'), way('second', 'closed'), way('third', 'arrives'), way('fourth', 'arrives')],
  });
  expect(gone).toEqual(['first', 'third']);
});

test('when no way arrives, the error lists what was tried, why each failed, and every remedy', async () => {
  const search = tryWays({
    ...thing,
    sought: ['PATH: not there'],
    ways: [way('download', 'fails'), way('compiler', 'closed')],
    byHand: ['buy one'],
    exitCode: 6,
  });
  await expect(search).rejects.toMatchObject({
    name: 'SetUpError',
    exitCode: 6,
    message: [
      'the thing, which all need, is missing, and none of the ways to get it worked.',
      'Tried, in this order:',
      '  1. PATH: not there',
      '  2. download: download is broken',
      '  3. compiler: no compiler here',
      'Any one of these mends it; then run the same command again:',
      '  - buy one',
      '  - get --by download',
      '  - get --by compiler',
    ].join('\n'),
  });
});

test('a nested npm sees where packages come from, and none of the flags meant for the command line', () => {
  const kept = {
    PATH: '/bin',
    npm_config_registry: 'r',
    npm_config_cafile: 'c',
    npm_config_cache: 'd',
    npm_config_userconfig: 'u',
    NPM_CONFIG_STRICT_SSL: 'false',
    'npm_config_@scope:registry': 's',
    'npm_config_//host/:_authToken': 't',
  };
  const flags = {
    npm_config_env: 'dev',
    npm_config_json: 'true',
    npm_config_tables: 'a',
    npm_config_dry_run: 'true',
    npm_config_yes: '',
    npm_config_omit: 'dev',
  };
  expect(npmEnvironment({ ...kept, ...flags })).toEqual(kept);
});

test('what fails halfway leaves nothing, what succeeds replaces what was there', async () => {
  const place = join(folder, 'tool');
  const failing = installAt(place, (work) => {
    writeFileSync(join(work, 'half'), 'x');
    return Promise.reject(new Error('torn off'));
  });
  await expect(failing).rejects.toThrow('torn off');
  expect(readdirSync(folder)).toEqual([]);
  for (const content of ['one', 'two']) {
    await installAt(place, (work) => {
      mkdirSync(join(work, 'finished'));
      writeFileSync(join(work, 'finished', 'file'), content);
      return Promise.resolve(join(work, 'finished'));
    });
    expect(readFileSync(join(place, 'file'), 'utf8')).toBe(content);
  }
  expect(readdirSync(folder)).toEqual(['tool']);
});

test('what a killed set-up left behind is removed, what a living one is doing stays', async () => {
  const dead = 2 ** 22 + 1;
  mkdirSync(join(folder, `.unfinished-${dead}-tool`));
  mkdirSync(join(folder, `.unfinished-${process.ppid}-tool`));
  await installAt(join(folder, 'tool'), (work) => {
    writeFileSync(join(work, 'tool'), 'x');
    return Promise.resolve(join(work, 'tool'));
  });
  expect(readdirSync(folder).sort()).toEqual([`.unfinished-${process.ppid}-tool`, 'tool']);
});

test('a lock keeps the second out until the first is done, and a dead process does not hold it', async () => {
  const lock = join(folder, 'lock');
  const order: string[] = [];
  const first = oneAtATime(lock, async () => {
    order.push('first in');
    await new Promise((resolve) => setTimeout(resolve, 50));
    order.push('first out');
  });
  const second = oneAtATime(lock, () => Promise.resolve(order.push('second')), { everyMs: 5 });
  await Promise.all([first, second]);
  expect(order).toEqual(['first in', 'first out', 'second']);
  writeFileSync(lock, String(2 ** 22 + 1));
  expect(await oneAtATime(lock, () => Promise.resolve('taken over'))).toBe('taken over');
  expect(existsSync(lock)).toBe(false);
});

test('an own server is used unless the environment names another; `embedded` names none', () => {
  expect(usesOwnServer({})).toBe(true);
  expect(usesOwnServer({ TEMPORAL_ADDRESS: '' })).toBe(true);
  expect(usesOwnServer({ TEMPORAL_ADDRESS: 'temporal:7233' })).toBe(false);
  expect(usesOwnServer({ TEMPORAL_PROFILE: 'cloud' })).toBe(false);
  expect(usesOwnServer({ TEMPORAL_ADDRESS: 'embedded', TEMPORAL_PROFILE: 'cloud' })).toBe(true);
});
