import { Command, Option, type CommanderError } from 'commander';
import { closest } from '../../activities/failure/closest.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { usageError, type CommandError } from './command-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { OptionDeclaration, OptionName } from './options.ts';
import type { ProjectNames } from './project-names.ts';
import { plainArguments } from './plain-arguments.ts';
import { runOptions, type TypedOptions } from './run-options.ts';
import { unknownFlag } from './unknown-flags.ts';

export interface CommandDeclaration {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly help: string;
  /** Whether it takes names of pipelines. */
  readonly pipelines: boolean;
  readonly options: readonly OptionName[];
}

const RUN_OPTIONS = ['env', 'tables', 'full-refresh', 'as-of', 'inbox', 'validate-only', 'any-age'] as const;

export const COMMANDS: readonly CommandDeclaration[] = [
  {
    name: 'start-workflow',
    aliases: ['run'],
    help: 'run pipelines (none named: the default set of the environment) and show them to their end',
    pipelines: true,
    options: [...RUN_OPTIONS, 'detach', 'wait', 'json'],
  },
  { name: 'dev', aliases: [], help: 'server, worker and API, until Ctrl-C', pipelines: false, options: ['env'] },
  {
    name: 'api',
    aliases: [],
    help: 'serve the views of what was published, until Ctrl-C',
    pipelines: false,
    options: ['env'],
  },
  { name: 'worker', aliases: [], help: 'a worker alone, until Ctrl-C', pipelines: false, options: ['env'] },
  {
    name: 'validate',
    aliases: [],
    help: 'check definitions (none named: all of the environment) without reading data',
    pipelines: true,
    options: ['env', 'json'],
  },
  {
    name: 'doctor',
    aliases: [],
    help: 'what is on this machine, what is missing, how to get it',
    pipelines: false,
    options: ['json'],
  },
];

export function optionsOf(
  command: CommandDeclaration,
  declared: Readonly<Record<OptionName, OptionDeclaration>>,
): OptionDeclaration[] {
  return command.options.map((name) => declared[name]);
}

/** The commands for commander. What a command needs is loaded when it runs: `--help` and a typo answer at once. */
export function buildProgram(
  declared: Readonly<Record<OptionName, OptionDeclaration>>,
  project: ProjectNames,
  ended: (code: ExitCode) => void,
): Command {
  const program = new Command('acequia')
    .description('Durable data pipelines: every row accounted for')
    .version(packageJson.version)
    .helpCommand('help [command]', 'how to use a command')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addHelpText('after', `\nPipelines: ${project.pipelines.join(', ') || '(none in pipelines/)'}`)
    .argument('[command]')
    .action((name: string | undefined) => {
      if (name !== undefined) throw unknownCommand(name);
      program.outputHelp();
      ended(EXIT.usage);
    });
  for (const declaration of COMMANDS) {
    const command = program.command(declaration.name).description(declaration.help).exitOverride();
    command.configureOutput({ writeErr: () => undefined }).allowExcessArguments(false);
    for (const alias of declaration.aliases) command.alias(alias);
    if (declaration.pipelines) command.argument('[pipelines...]');
    for (const option of optionsOf(declaration, declared)) command.addOption(commanderOption(option));
    command.action(async (...args: unknown[]) => {
      const pipelines = declaration.pipelines ? (args[0] as string[]) : [];
      const options = command.opts<TypedOptions>();
      ended(await runCommand(declaration, pipelines, options, project));
    });
  }
  return program;
}

function commanderOption({ name, takes, placeholder, help, aliases }: OptionDeclaration): Option {
  const also = aliases.length > 0 ? ` (also ${aliases.map((alias) => `--${alias}`).join(', ')})` : '';
  if (takes === 'nothing') return new Option(`--${name}`, help + also);
  if (takes === 'value') return new Option(`--${name} <${placeholder ?? 'value'}>`, help + also);
  return new Option(`--${name} <${placeholder ?? 'names'}...>`, help + also).argParser(
    (value: string, before: string[] | undefined) => [
      ...(before ?? []),
      ...value.split(',').filter((part) => part !== ''),
    ],
  );
}

async function runCommand(
  { name }: CommandDeclaration,
  pipelines: readonly string[],
  options: TypedOptions,
  project: ProjectNames,
): Promise<ExitCode> {
  const environment = options.env ?? (process.env['ACEQUIA_ENV'] || 'dev');
  const json = options.json ?? false;
  switch (name) {
    case 'start-workflow': {
      const typed = runOptions(pipelines, options, project, process.env['INIT_CWD'] ?? process.cwd());
      const { startWorkflow } = await import('./start-workflow.ts');
      return startWorkflow({
        ...typed,
        environment,
        detach: options.detach ?? false,
        wait: options.wait ?? false,
        json,
        again: again(typed, environment),
      });
    }
    case 'dev':
    case 'worker': {
      const { dev } = await import('./dev.ts');
      return dev(environment, { withApi: name === 'dev' });
    }
    case 'api': {
      const { api } = await import('./api.ts');
      return api(environment);
    }
    case 'validate': {
      const { validate } = await import('./validate.ts');
      return validate(pipelines, environment, json);
    }
    default: {
      const { doctor } = await import('./doctor.ts');
      return doctor(json);
    }
  }
}

/** How one would type the same again; flags with values behind ` -- `, where npm leaves them alone. */
function again({ pipelines, options }: ReturnType<typeof runOptions>, environment: string): string {
  const [env, ...flags] = plainArguments({ options, wait: false, json: false }, environment, []);
  return ['npm run start-workflow', ...pipelines, ...(flags.length > 0 ? ['--'] : []), env, ...flags].join(' ');
}

function unknownCommand(name: string): CommandError {
  const names = COMMANDS.flatMap((command) => [command.name, ...command.aliases]);
  return usageError(`There is no command "${name}".${closest(name, names)}`, `use one of: ${names.join(', ')}`);
}

/** Commander's own refusals in our words. `undefined` for what is no refusal: help and version. */
export function commanderRefusal(
  error: CommanderError,
  declared: readonly OptionDeclaration[],
): CommandError | undefined {
  if (error.exitCode === 0) return undefined;
  const flag = /unknown option '--?([^'=]+)/.exec(error.message)?.[1];
  if (error.code === 'commander.unknownOption' && flag !== undefined) {
    return unknownFlag(
      flag,
      declared.flatMap(({ name, aliases }) => [name, ...aliases]),
    );
  }
  return usageError(
    error.message.replace(/^error: /, '').replace(/^\w/, (letter) => letter.toUpperCase()),
    'acequia help <command>',
  );
}
