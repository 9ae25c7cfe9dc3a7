import { describe, expect, test } from 'vitest';
import { recoverTyped } from '../../../client/cli/npm-flags.ts';
import { COMMANDS, optionsOf } from '../../../client/cli/commands.ts';
import { declareOptions } from '../../../client/cli/options.ts';

const project = { pipelines: ['sales', 'orders'], tables: ['ventas', 'clientes', 'productos', 'orders'] };
const declared = declareOptions(project);
const optionsFor = (name: string) =>
  COMMANDS.filter((command) => command.name === name).flatMap((command) => optionsOf(command, declared));

function recover(
  argv: readonly string[],
  config: Readonly<Record<string, string>> = {},
  underNpm = true,
  command = 'start-workflow',
): string[] {
  const env = Object.fromEntries(Object.entries(config).map(([key, value]) => [`npm_config_${key}`, value]));
  return recoverTyped({
    argv,
    env: underNpm ? { ...env, npm_lifecycle_event: 'start-workflow' } : env,
    options: optionsFor(command),
    pipelines: project.pipelines,
  });
}

describe('what npm tore apart is put together', () => {
  test.each([
    ['--env dev', ['dev'], { env: 'true' }, ['--env=dev']],
    ['--env=dev', [], { env: 'dev' }, ['--env=dev']],
    ['--environment dev', ['dev'], { environment: 'true' }, ['--env=dev']],
    ['sales --env dev', ['sales', 'dev'], { env: 'true' }, ['sales', '--env=dev']],
    ['--env dev sales', ['dev', 'sales'], { env: 'true' }, ['sales', '--env=dev']],
    ['--env dev --env prod', ['dev', 'prod'], { env: 'true\n\ntrue' }, ['--env=prod']],
    ['--solo-validar', [], { solo_validar: 'true' }, ['--validate-only']],
    ['--dry-run', [], { dry_run: 'true' }, ['--validate-only']],
    ['--no-wait', [], { wait: '' }, []],
    ['--wait=false', [], { wait: 'false' }, []],
    ['--as-of 2025-01-01', ['2025-01-01'], { as_of: 'true' }, ['--as-of=2025-01-01']],
    ['--as-of=2025-01-01', [], { as_of: '2025-01-01' }, ['--as-of=2025-01-01']],
    ['--inbox ./in sales', ['./in', 'sales'], { inbox: 'true' }, ['sales', '--inbox=./in']],
    ['--inbox data sales', ['data', 'sales'], { inbox: 'true' }, ['sales', '--inbox=data']],
    ['--tables=ventas,clientes', [], { tables: 'ventas,clientes' }, ['--tables=ventas,clientes']],
    ['--tables=ventas --tables=clientes', [], { tables: 'ventas\n\nclientes' }, ['--tables=ventas,clientes']],
    [
      '--tables ventas --tables clientes',
      ['ventas', 'clientes'],
      { tables: 'true\n\ntrue' },
      ['--tables=ventas,clientes'],
    ],
    ['--tables vnetas (the list is told later)', ['vnetas'], { tables: 'true' }, ['--tables=vnetas']],
    [
      '--publish-anyway "ventas: bad rows" --reason "they said so" sales',
      ['ventas: bad rows', 'they said so', 'sales'],
      { publish_anyway: 'true', reason: 'true' },
      ['sales', '--publish-anyway=ventas: bad rows', '--reason=they said so'],
    ],
    [
      'sales --publish-anyway=x --publish-anyway "ventas: fresh" --reason=known',
      ['sales', 'ventas: fresh'],
      { publish_anyway: 'x\n\ntrue', reason: 'known' },
      ['sales', '--publish-anyway=x', '--publish-anyway=ventas: fresh', '--reason=known'],
    ],
    ['sales -- --env dev', ['sales', '--env', 'dev'], {}, ['sales', '--env', 'dev']],
    ['--json -- --environment=dev', ['--environment=dev'], { json: 'true' }, ['--json', '--env=dev']],
  ])('%s', (_, argv, config, expected) => {
    expect(recover(argv, config)).toEqual(expected);
  });

  test('all flags at once: a name that repeats begins the second list', () => {
    const config = {
      tables: 'true',
      full_refresh: 'true',
      solo_validar: 'true',
      as_of: 'true',
      env: 'true',
      json: 'true',
    };
    expect(recover(['sales', 'ventas', 'clientes', 'ventas', '2025-01-01', 'dev'], config)).toEqual([
      'sales',
      '--env=dev',
      '--as-of=2025-01-01',
      '--validate-only',
      '--json',
      '--tables=ventas,clientes',
      '--full-refresh=ventas',
    ]);
  });
});

describe('what cannot be told apart is refused with exit 2', () => {
  test.each([
    ['a check and a reason of one word each', ['sales', 'x', 'y'], { publish_anyway: 'true', reason: 'true' }],
    ['two lists and no repeated name', ['ventas', 'clientes'], { tables: 'true', full_refresh: 'true' }],
    [
      'a second list that is no part of the first',
      ['ventas', 'ventas', 'clientes'],
      { tables: 'true', full_refresh: 'true' },
    ],
    ['two environments for one flag', ['dev', 'prod'], { env: 'true' }],
    ['a table with a pipeline’s name', ['orders', 'ventas'], { tables: 'true' }],
    ['two words that may be a folder', ['data', 'more'], { inbox: 'true' }],
  ])('%s', (_, argv, config) => {
    expect(() => recover(argv, config)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(' -- ') as string }),
    );
  });

  test.each([
    ['--env', ['sales'], { env: 'true' }, /--env needs a value.*local, dev, prod/],
    ['--tables', ['sales'], { tables: 'true' }, /--tables needs a value/],
    ['--as-of', ['sales'], { as_of: 'true' }, /--as-of needs a value/],
  ])('%s without a value', (_, argv, config, message) => {
    expect(() => recover(argv, config)).toThrow(message);
  });
});

test('outside of npm its variables mean nothing', () => {
  expect(recover(['sales'], { env: 'prod', json: 'true' }, false)).toEqual(['sales']);
});

test('npm’s own json setting counts only when it is true', () => {
  expect(recover([], { json: '' })).toEqual([]);
});

describe('a copy, whose words are paths', () => {
  const copy = (argv: readonly string[], config: Readonly<Record<string, string>> = {}): string[] =>
    recover(argv, config, true, 'copy');

  test.each([
    ['behind --', ['a.csv', 'out.duckdb', '--table', 't'], {}, ['a.csv', 'out.duckdb', '--table', 't']],
    ['--table t', ['a.csv', 'out.duckdb', 't'], { table: 'true' }, ['a.csv', 'out.duckdb', '--table=t']],
    [
      '--table t --mode append --nested json',
      ['a.csv', 'out.duckdb', 't', 'append', 'json'],
      { table: 'true', mode: 'true', nested: 'true' },
      ['a.csv', 'out.duckdb', '--table=t', '--mode=append', '--nested=json'],
    ],
    [
      '--mode delete-missing --missing hard --vanish-at-most 10% --key id',
      ['a.csv', 'o/', 'delete-missing', 'hard', '10%', 'id'],
      { mode: 'true', missing: 'true', vanish_at_most: 'true', key: 'true' },
      ['a.csv', 'o/', '--mode=delete-missing', '--missing=hard', '--vanish-at-most=10%', '--key=id'],
    ],
    [
      '--key=id --keep-latest-by=at --partition-by day,shop',
      ['a.csv', 'o/', 'day,shop'],
      { key: 'id', keep_latest_by: 'at', partition_by: 'true' },
      ['a.csv', 'o/', '--key=id', '--keep-latest-by=at', '--partition-by=day,shop'],
    ],
    ['--no-header', ['a.csv', 'o/'], { header: '' }, ['a.csv', 'o/', '--no-header']],
    ['--header', ['a.csv', 'o/'], { header: 'true' }, ['a.csv', 'o/', '--header']],
    [
      '--declare a=integer --declare b=decimal(9,2)|1.234,5',
      ['a.csv', 'o/', 'a=integer', 'b=decimal(9,2)|1.234,5'],
      { declare: 'true\n\ntrue' },
      ['a.csv', 'o/', '--declare=a=integer', '--declare=b=decimal(9,2)|1.234,5'],
    ],
    [
      '--declare=a=integer --declare=b=text',
      ['a.csv', 'o/'],
      { declare: 'a=integer\n\nb=text' },
      ['a.csv', 'o/', '--declare=a=integer', '--declare=b=text'],
    ],
    ['standard input', ['-', 'o/', 't'], { table: 'true' }, ['-', 'o/', '--table=t']],
    ['--delimiter ;', ['a.csv', 'o/', ';'], { delimiter: 'true' }, ['a.csv', 'o/', '--delimiter=;']],
  ])('%s', (_, argv, config, expected) => {
    expect(copy(argv, config)).toEqual(expected);
  });

  test('two words that may be a key and an order are not guessed at', () => {
    expect(() => copy(['a.csv', 'o/', 'id', 'at'], { key: 'true', keep_latest_by: 'true' })).toThrow(
      expect.objectContaining({ exitCode: 2 }),
    );
  });

  test('two words that may be a table and a sheet are not guessed at', () => {
    expect(() => copy(['a.xlsx', 'o/', 'one', 'two'], { table: 'true', sheet: 'true' })).toThrow(
      expect.objectContaining({ exitCode: 2 }),
    );
  });
});
