import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../client/cli/exit-codes.ts';
import { COMMANDS, optionsOf } from '../../client/cli/commands.ts';
import { declareOptions } from '../../client/cli/options.ts';
import { projectRoot } from '../../infra/setup/inventory.mjs';
import { page, pages } from './pages.ts';

/** The pages name what there is: all of it, and nothing else. */

const READMES = ['README.md', 'README.es.md'];

const FLAG_PAGES = [
  ...READMES.map((name) => [name, 'start-workflow'] as const),
  ['docs/copy.md', 'copy'],
  ['docs/copy.md', 'init'],
  ['docs/copy.md', 'explain'],
  ['docs/receipt.md', 'receipt show'],
  ['docs/receipt.md', 'receipt verify'],
  ['docs/replay.md', 'replay'],
  ['docs/model-tests.md', 'test'],
  ['docs/retention.md', 'clean-up'],
  ['docs/mappings.md', 'mappings list'],
  ['docs/mappings.md', 'mappings show'],
  ['docs/mappings.md', 'mappings test'],
  ['docs/mappings.md', 'mappings approve'],
  ['docs/quarantine.md', 'quarantine list'],
  ['docs/quarantine.md', 'quarantine show'],
  ['docs/quarantine.md', 'quarantine export'],
  ['docs/quarantine.md', 'quarantine replay'],
] as const;

test.each(FLAG_PAGES)('%s names every flag of %s', (name, command) => {
  const { text } = page(name);
  const declared = declareOptions({ pipelines: [], tables: [] });
  const options = COMMANDS.filter((one) => one.name === command).flatMap((one) => optionsOf(one, declared));
  const flags = options.flatMap((option) => [
    option.name,
    ...option.aliases.filter((alias) => alias !== 'environment'),
  ]);
  expect(flags.filter((flag) => !text.includes(`\`--${flag}`))).toEqual([]);
});

test('every command is on a page', () => {
  const text = pages()
    .map((one) => one.text)
    .join('\n');
  const typed = ({ name }: { readonly name: string }): boolean =>
    [`npm run ${name}`, `npm run acequia -- ${name}`, `acequia ${name}`].some((words) => text.includes(words));
  expect(COMMANDS.filter((command) => !typed(command)).map(({ name }) => name)).toEqual([]);
});

test.each([...READMES, 'docs/exit-codes.md'])('%s names every exit status that is used', (name) => {
  const rows = page(name).text.matchAll(/^\| +(\d+) \|/gm);
  const used = Object.values(EXIT).filter((status) => status !== EXIT.breakerOpen);
  expect([...rows].map(([, status]) => Number(status))).toEqual([...used].sort((a, b) => a - b));
});

test('docs/settings.md names every setting', () => {
  const sources = ['environment-settings', 'observation-settings'].map((name) => `infra/settings/${name}.ts`);
  const code = [...sources, 'client/cli/run-command.ts'].map((name) => page(name).text);
  const there = code.join().match(/\b(?:ACEQUIA|TEMPORAL)_[A-Z_]+/g) ?? [];
  const named = page('docs/settings.md').text.match(/`(?:ACEQUIA|TEMPORAL)_[A-Z_]+`/g) ?? [];
  const expected = [...new Set(there)].filter((name) => !name.endsWith('_')).sort();
  expect([...new Set(named.map((name) => name.slice(1, -1)))].filter((name) => !name.endsWith('_')).sort()).toEqual(
    expected,
  );
});

test('docs/receipt.md names every field', () => {
  const fields = page('workflows/receipt.ts').text.matchAll(/readonly (\w+)\??:/g);
  const { text } = page('docs/receipt.md');
  const missing = [...fields].map(([, field]) => field ?? '').filter((field) => !text.includes(`\`${field}\``));
  expect(
    missing.filter((field) => !['duckdb', 'node', 'acequia', 'sources', 'tables', 'checks'].includes(field)),
  ).toEqual([]);
});

describe.each([...pages(), page('ARCHITECTURE.md'), page('CHANGELOG.md')])('$name', ({ name, text }) => {
  test('links to files that are there', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target ?? '');
    const local = links.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !existsSync(join(projectRoot(), dirname(name), target)))).toEqual([]);
  });

  test('names files that are there', () => {
    const paths = [
      ...text.matchAll(/`((?:activities|workflows|workers|client|infra|pipelines|test|lint)\/[\w./-]+)`/g),
    ];
    const given = paths.map(([, path]) => path ?? '').filter((path) => !path.includes('/shop/'));
    expect(given.filter((path) => !existsSync(join(projectRoot(), path)))).toEqual([]);
  });
});

test('ARCHITECTURE.md fits in 120 lines', () => {
  expect(page('ARCHITECTURE.md').text.trimEnd().split('\n').length).toBeLessThanOrEqual(120);
});
