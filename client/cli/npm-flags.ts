/**
 * Recovers what a person typed after `npm run <script>`.
 *
 * npm keeps flags for itself: `npm run start-workflow sales --tables a b --env dev` reaches the script as the words
 * `sales a b dev` and the variables `npm_config_tables=true` and `npm_config_env=true`, in no order. Words keep theirs.
 * `--env=dev` arrives as `npm_config_env=dev`; everything behind ` -- ` arrives untouched.
 */
import { usageError, type CommandError } from './command-error.ts';
import { splitLists } from './npm-lists.ts';
import type { OptionDeclaration } from './option-declaration.ts';

type ProcessEnv = Readonly<Record<string, string | undefined>>;

export interface TypedCommand {
  /** Words after the command's name, and flags that came as flags. */
  readonly argv: readonly string[];
  readonly env: ProcessEnv;
  readonly options: readonly OptionDeclaration[];
  readonly pipelines: readonly string[];
}

/** Flags that npm took: those that came with a value (`--env=dev`), and those whose value is among the words. */
interface Taken {
  readonly option: OptionDeclaration;
  readonly values: readonly string[];
  /** How often the flag came without a value. */
  readonly bare: number;
}

/**
 * The same command as plain arguments: words first, then flags as `--name=value`.
 *
 * @throws CommandError (exit 2) where a word could belong to several flags, or a flag has no word left.
 */
export function recoverTyped({ argv, env, options, pipelines }: TypedCommand): string[] {
  const plain = argv.flatMap((argument) => canonical(argument, options));
  if (env['npm_lifecycle_event'] === undefined) return plain;
  const taken = options.flatMap((option) => takenByNpm(option, env));
  const firstFlag = plain.findIndex((argument) => argument.startsWith('-') && argument !== '-');
  const words = firstFlag < 0 ? plain : plain.slice(0, firstFlag);
  const behind = firstFlag < 0 ? [] : plain.slice(firstFlag);
  const { rest, flags } = assignWords(words, taken, pipelines);
  return [...rest, ...flags, ...behind];
}

/** `npm_config_full_refresh` for `full-refresh`. */
export function npmKey(flag: string): string {
  return `npm_config_${flag.replaceAll('-', '_')}`;
}

/** Aliases become the option's own name, so that nothing behind this file knows them. */
function canonical(argument: string, options: readonly OptionDeclaration[]): string[] {
  const match = /^--([^=]+)(=.*)?$/s.exec(argument);
  const option = match && options.find(({ aliases }) => aliases.includes(match[1] ?? ''));
  return [option ? `--${option.name}${match[2] ?? ''}` : argument];
}

function takenByNpm(option: OptionDeclaration, env: ProcessEnv): Taken[] {
  const raw = [option.name, ...option.aliases].flatMap((flag) => env[npmKey(flag)] ?? []);
  // npm joins a flag that is given twice with an empty line.
  const parts = raw.flatMap((value) => value.split('\n\n'));
  if (option.takes === 'yes-or-no') {
    const last = parts.at(-1);
    return last === undefined ? [] : [{ option, values: [last === 'true' ? 'true' : 'false'], bare: 0 }];
  }
  const given = parts.filter((value) => value !== '' && value !== 'false');
  const values = given.filter((value) => value !== 'true');
  const bare = given.length - values.length;
  return given.length === 0 ? [] : [{ option, values, bare }];
}

function assignWords(
  words: readonly string[],
  taken: readonly Taken[],
  pipelines: readonly string[],
): { rest: string[]; flags: string[] } {
  const { found, left } = assignValues(words, taken);
  const flags = taken.flatMap((flag) => written(flag, found.get(flag.option.name) ?? []));
  const lists = taken.filter(({ option }) => option.takes === 'list');
  const open = lists.filter(({ bare }) => bare > 0).map(({ option }) => option);
  const { rest, assigned } = assignLists(left, open, pipelines);
  for (const { option, values } of lists) {
    const all = [...values, ...(assigned.get(option.name) ?? [])];
    if (all.length > 0) flags.push(`--${option.name}=${all.join(',')}`);
  }
  return { rest, flags };
}

/** Values for flags that lost theirs. Those come first whose words can be nothing else. */
function assignValues(
  words: readonly string[],
  taken: readonly Taken[],
): { found: Map<string, readonly string[]>; left: readonly string[] } {
  const found = new Map<string, readonly string[]>();
  let left = [...words];
  const open = taken.filter(({ option, bare }) => bare > 0 && (option.takes === 'value' || option.takes === 'values'));
  const isCertain = ({ option, bare }: Taken): boolean =>
    words.filter((word) => option.accepts?.(word) === 'certain').length === bare;
  for (const { option, bare } of [...open.filter(isCertain), ...open.filter((flag) => !isCertain(flag))]) {
    const values = valuesAmong(left, option, bare);
    found.set(option.name, values);
    left = without(left, values);
  }
  return { found, left };
}

/** A flag as plain arguments; lists are written elsewhere. */
function written({ option: { name, takes }, values, bare }: Taken, found: readonly string[]): string[] {
  switch (takes) {
    case 'nothing':
      return bare > 0 ? [`--${name}`] : [];
    case 'yes-or-no':
      return [values[0] === 'true' ? `--${name}` : `--no-${name}`];
    case 'values':
      return [...values, ...found].map((value) => `--${name}=${value}`);
    case 'value': {
      // Given twice, the last one counts, as in any command line.
      const last = found.at(-1) ?? values.at(-1);
      return last === undefined ? [] : [`--${name}=${last}`];
    }
    case 'list':
      return [];
  }
}

function valuesAmong(words: readonly string[], option: OptionDeclaration, count: number): string[] {
  const answers = words.map((word) => ({ word, answer: option.accepts?.(word) ?? 'no' }));
  for (const degree of ['certain', 'possible'] as const) {
    const candidates = answers.filter(({ answer }) => answer === degree).map(({ word }) => word);
    if (candidates.length === count) return candidates;
    if (candidates.length > count) throw ambiguous(words, [option]);
  }
  throw noValue(option, words);
}

function assignLists(
  words: readonly string[],
  open: readonly OptionDeclaration[],
  pipelines: readonly string[],
): { rest: string[]; assigned: Map<string, readonly string[]> } {
  const assigned = new Map<string, readonly string[]>();
  if (open.length === 0) return { rest: [...words], assigned };
  // A word that names a pipeline and a table could be either; no order tells.
  const torn = words.find(
    (word) => pipelines.includes(word) && open.some((list) => list.accepts?.(word) === 'certain'),
  );
  if (torn !== undefined) throw ambiguous(words, open);
  const rest = words.filter((word) => pipelines.includes(word));
  const names = words.filter((word) => !pipelines.includes(word));
  const first = open[0];
  if (names.length === 0 && first) throw noValue(first, words);
  if (open.length === 1 && first) return { rest, assigned: assigned.set(first.name, names) };
  const split = open.length === 2 ? splitLists(names) : undefined;
  if (!split) throw ambiguous(words, open);
  open.forEach((option, index) => assigned.set(option.name, split[index] ?? []));
  return { rest, assigned };
}

function without(words: readonly string[], taken: readonly string[]): string[] {
  const left = [...words];
  for (const word of taken) left.splice(left.indexOf(word), 1);
  return left;
}

function ambiguous(words: readonly string[], options: readonly OptionDeclaration[]): CommandError {
  const flags = options.map(({ name }) => `--${name}`).join(' and ');
  const example = options.map(({ name, takes }) => (takes === 'list' ? `--${name}=a,b` : `--${name}=value`)).join(' ');
  return usageError(
    `npm hands on flags and words apart, and which of "${words.join(' ')}" belong to ${flags} cannot be told.`,
    `write ${example}, or put " -- " before the flags: npm run <script> -- ${options
      .map(({ name, takes }) => (takes === 'list' ? `--${name} a b` : `--${name} value`))
      .join(' ')}`,
  );
}

function noValue(option: OptionDeclaration, words: readonly string[]): CommandError {
  const among = words.length > 0 ? ` (none among: ${words.join(' ')})` : '';
  return usageError(
    `--${option.name} needs a value${among}: ${option.help}.`,
    `--${option.name}=<${option.placeholder ?? 'value'}>`,
  );
}
