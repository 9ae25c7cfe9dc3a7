import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { closest } from '../../workflows/definition/closest.ts';
import { usageError } from './command-error.ts';
import { npmKey } from './npm-flags.ts';
import type { OptionDeclaration } from './option-declaration.ts';

type ProcessEnv = Readonly<Record<string, string | undefined>>;

/** Switches for building native packages that people keep in their shell; no flags of ours are ever called so. */
const OFTEN_SET = /^(?:build_from_source|fallback_to_build|update_binary|[a-z0-9_]+_binary_host.*|sharp_.*|node_.*)$/;

/**
 * Flags that npm took and that no command knows. npm warns of them and goes on; a typo in `--validate-only` would publish.
 *
 * @param knownToNpm keys npm itself knows or finds in its files, as `npm_config_` variables spell them
 * @throws CommandError (exit 2) with the nearest flag there is
 */
export function refuseUnknownFlags(
  env: ProcessEnv,
  options: readonly OptionDeclaration[],
  knownToNpm: ReadonlySet<string>,
): void {
  if (env['npm_lifecycle_event'] === undefined) return;
  const flags = options.flatMap(({ name, aliases }) => [name, ...aliases]);
  const ours = new Set(flags.map(npmKey));
  for (const [variable, value] of Object.entries(env)) {
    const key = /^npm_config_([a-z0-9_]+)$/.exec(variable)?.[1];
    if (!key || value === undefined || ours.has(variable) || knownToNpm.has(key)) continue;
    const flag = key.replaceAll('_', '-');
    const suggestion = closest(flag, flags);
    const isBareFlag = value.split('\n\n').every((part) => part === 'true' || part === '') && !OFTEN_SET.test(key);
    if (suggestion || isBareFlag) throw unknownFlag(flag, flags);
  }
}

export function unknownFlag(flag: string, flags: readonly string[]) {
  const suggestion = closest(flag, flags).replaceAll('"', '').replace('mean ', 'mean --');
  return usageError(
    `There is no flag --${flag}.${suggestion}`,
    `use one of ${flags.map((name) => `--${name}`).join(', ')}`,
  );
}

/** Keys that come from npm, not from the person who typed: its own settings and those in its configuration files. */
export function keysKnownToNpm(env: ProcessEnv): Set<string> {
  const keys = ['user_agent', 'npm_version', 'node_gyp', 'local_prefix', 'global_prefix', 'noproxy', 'node_version'];
  const program = env['npm_execpath'];
  if (program) {
    const definitions = '../node_modules/@npmcli/config/lib/definitions/definitions.js';
    keys.push(...matches(join(dirname(program), definitions), /new Definition\('([a-z0-9-]+)'/g));
  }
  const prefix = env['npm_config_local_prefix'];
  const files = [env['npm_config_userconfig'], env['npm_config_globalconfig'], prefix && join(prefix, '.npmrc')];
  for (const file of files) if (file) keys.push(...matches(file, /^\s*([A-Za-z0-9_-]+)(?:\[\])?\s*(?:=|$)/gm));
  return new Set(keys.map((key) => key.toLowerCase().replaceAll('-', '_')));
}

function matches(file: string, pattern: RegExp): string[] {
  try {
    return [...readFileSync(file, 'utf8').matchAll(pattern)].flatMap(([, key]) => key ?? []);
  } catch {
    return [];
  }
}
