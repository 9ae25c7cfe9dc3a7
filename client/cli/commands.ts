import type { OptionDeclaration } from './option-declaration.ts';
import type { OptionName } from './options.ts';

export interface CommandDeclaration {
  /** A name of two words is one of a group: `quarantine list`. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly help: string;
  readonly takes: 'nothing' | 'pipelines' | Words;
  readonly options: readonly OptionName[];
}

/** Words that a command takes besides flags. */
export interface Words {
  /** As the help shows them: `<from...> <to>`. */
  readonly usage: string;
  readonly least: number;
  readonly most: number;
}

const PLAN_OPTIONS = [
  'env',
  'tables',
  'full-refresh',
  'since',
  'as-of',
  'inbox',
  'sample',
  'validate-only',
  'validate',
  'any-age',
  'once',
] as const;
const OVERRIDE_OPTIONS = ['publish-anyway', 'reason'] as const;
const START_OPTIONS = ['detach', 'wait', 'json'] as const;
const COPY_OPTIONS = [
  'table',
  'mode',
  'missing',
  'vanish-at-most',
  'key',
  'keep-latest-by',
  'partition-by',
  'contract',
  'declare',
  'format',
  'encoding',
  'delimiter',
  'quote',
  'header',
  'comment',
  'records',
  'sheet',
  'nested',
] as const;

export const COMMANDS: readonly CommandDeclaration[] = [
  {
    name: 'start-workflow',
    aliases: ['run'],
    help: 'run pipelines (none named: the default set of the environment) and show them to their end',
    takes: 'pipelines',
    options: [...PLAN_OPTIONS, ...OVERRIDE_OPTIONS, ...START_OPTIONS],
  },
  {
    name: 'copy',
    aliases: [],
    help: 'copy files into tables of a DuckDB or SQLite file, a Postgres, a DuckLake, or into Parquet; - reads standard input',
    takes: { usage: '<from...> <to>', least: 2, most: Infinity },
    options: [...COPY_OPTIONS, 'env', 'validate-only', ...OVERRIDE_OPTIONS, ...START_OPTIONS],
  },
  {
    name: 'init',
    aliases: [],
    help: 'make a pipeline of the last copy that was published whole',
    takes: { usage: '<name>', least: 1, most: 1 },
    options: ['from-run', 'env', 'json'],
  },
  {
    name: 'explain',
    aliases: [],
    help: 'how the files of a run were read, and what decided the type of each column',
    takes: { usage: '[run id | pipeline | latest]', least: 0, most: 1 },
    options: ['env', 'json'],
  },
  {
    name: 'receipt show',
    aliases: [],
    help: 'the receipt of a run, and whether its signature holds',
    takes: { usage: '[run id | pipeline | latest]', least: 0, most: 1 },
    options: ['markdown', 'env', 'json'],
  },
  {
    name: 'receipt verify',
    aliases: [],
    help: 'recompute what a receipt claims: landed files, and the rows at each destination',
    takes: { usage: '[run id | pipeline | latest]', least: 0, most: 1 },
    options: ['limit', 'env', 'json'],
  },
  {
    name: 'replay',
    aliases: [],
    help: "run today's definition on a past run's input, publish nothing, and show which rows differ",
    takes: { usage: '<run id | pipeline | latest>', least: 1, most: 1 },
    options: ['diff', 'as-of', 'limit', 'env', 'json'],
  },
  {
    name: 'quarantine list',
    aliases: [],
    help: 'runs with quarantined rows',
    takes: { usage: '[pipeline]', least: 0, most: 1 },
    options: ['env', 'json'],
  },
  {
    name: 'quarantine show',
    aliases: [],
    help: 'the quarantined rows of a run: where they stand, what was read, why it does not do',
    takes: { usage: '<run id | latest>', least: 1, most: 1 },
    options: ['source', 'limit', 'env', 'json'],
  },
  {
    name: 'quarantine export',
    aliases: [],
    help: 'write the quarantined rows of a source to a file that can be corrected',
    takes: { usage: '<run id | latest> <file.csv | file.jsonl>', least: 2, most: 2 },
    options: ['source', 'env'],
  },
  {
    name: 'quarantine replay',
    aliases: [],
    help: 'run the same pipeline once more, with corrected rows beside its files',
    takes: { usage: '<run id | latest> <corrected file>', least: 2, most: 2 },
    options: ['source', 'any-age', 'env', ...OVERRIDE_OPTIONS, ...START_OPTIONS],
  },
  {
    name: 'mappings list',
    aliases: [],
    help: 'shapes whose records wait for a mapping, and the mappings in force',
    takes: 'nothing',
    options: ['pipeline', 'env', 'json'],
  },
  {
    name: 'mappings show',
    aliases: [],
    help: 'a shape with the formats of its values and what is proposed for it, or a mapping',
    takes: { usage: '<shape | mapping>', least: 1, most: 1 },
    options: ['pipeline', 'env', 'json'],
  },
  {
    name: 'mappings test',
    aliases: [],
    help: 'what a mapping, or the proposal, would make of the records that wait; nothing is written',
    takes: { usage: '<shape> [file.json]', least: 1, most: 2 },
    options: ['id', 'pipeline', 'env', 'json'],
  },
  {
    name: 'mappings approve',
    aliases: [],
    help: 'put a mapping, or the proposal, in force, and make rows of the records that wait for it',
    takes: { usage: '<shape> [file.json]', least: 1, most: 2 },
    options: ['id', 'reason', 'dry-run', 'pipeline', 'env', 'json'],
  },
  {
    name: 'clean-up',
    aliases: [],
    help: 'remove from the lake what is older than ACEQUIA_RETENTION says, and what killed writes left behind',
    takes: 'nothing',
    options: ['dry-run', 'yes', 'env', 'json'],
  },
  { name: 'dev', aliases: [], help: 'server, worker and API, until Ctrl-C', takes: 'nothing', options: ['env'] },
  {
    name: 'api',
    aliases: [],
    help: 'serve the views of what was published, until Ctrl-C',
    takes: 'nothing',
    options: ['env'],
  },
  { name: 'worker', aliases: [], help: 'a worker alone, until Ctrl-C', takes: 'nothing', options: ['env'] },
  {
    name: 'validate',
    aliases: [],
    help: 'check definitions (none named: all of the environment) without reading data',
    takes: 'pipelines',
    options: ['env', 'json'],
  },
  {
    name: 'test',
    aliases: [],
    help: 'run the tests beside the models (none named: of all pipelines): rows given, rows expected',
    takes: 'pipelines',
    options: ['json'],
  },
  {
    name: 'doctor',
    aliases: [],
    help: 'what is on this machine, what is missing, how to get it',
    takes: 'nothing',
    options: ['json'],
  },
];

/** The command that was typed, and the words behind its name. */
export function findCommand(
  argv: readonly string[],
): { readonly command: CommandDeclaration; readonly rest: readonly string[] } | undefined {
  for (const command of COMMANDS) {
    for (const name of [command.name, ...command.aliases]) {
      const words = name.split(' ');
      if (words.every((word, index) => argv[index] === word)) return { command, rest: argv.slice(words.length) };
    }
  }
  return undefined;
}

export function optionsOf(
  command: CommandDeclaration,
  declared: Readonly<Record<OptionName, OptionDeclaration>>,
): OptionDeclaration[] {
  return command.options.map((name) => declared[name]);
}
