import { expect, test } from 'vitest';
import { COMMANDS, optionsOf } from '../../../client/cli/commands.ts';
import { declareOptions } from '../../../client/cli/options.ts';
import { refuseUnknownFlags } from '../../../client/cli/unknown-flags.ts';

const declared = declareOptions({ pipelines: ['sales'], tables: ['ventas'] });
const options = COMMANDS.filter(({ name }) => name === 'start-workflow').flatMap((one) => optionsOf(one, declared));
const known = new Set(['loglevel', 'nodedir']);
const refuse = (env: Record<string, string>): void =>
  refuseUnknownFlags({ npm_lifecycle_event: 'start-workflow', ...env }, options, known);

test('a slip is answered with the flag that was meant', () => {
  expect(() => refuse({ npm_config_enviroment: 'true' })).toThrow(
    /no flag --enviroment\. Did you mean --environment\?/,
  );
  expect(() => refuse({ npm_config_validate_onyl: 'true' })).toThrow(/Did you mean --validate-only/);
  expect(() => refuse({ npm_config_table: 'ventas' })).toThrow(/Did you mean --tables/);
});

test('a flag that nobody knows is refused with the list', () => {
  expect(() => refuse({ npm_config_bogus: 'true' })).toThrow(expect.objectContaining({ exitCode: 2 }));
  expect(() => refuse({ npm_config_bogus: 'true' })).toThrow(/--env, .*--json/);
});

test('what npm itself set, or a shell for native packages, is no flag', () => {
  refuse({ npm_config_loglevel: 'silent', npm_config_nodedir: '/usr', npm_config_build_from_source: 'true' });
  refuse({ npm_config_target_arch: 'x64', npm_config_env: 'true' });
});

test('outside of npm nothing is looked at', () => {
  refuseUnknownFlags({ npm_config_bogus: 'true' }, options, known);
});
