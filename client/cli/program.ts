import { Command, Option, type CommanderError } from 'commander';
import { closest } from '../../workflows/definition/closest.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { usageError, type CommandError } from './command-error.ts';
import { COMMANDS, optionsOf, type CommandDeclaration, type Words } from './commands.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import type { OptionDeclaration } from './option-declaration.ts';
import type { OptionName } from './options.ts';
import type { ProjectNames } from './project-names.ts';
import { runCommand } from './run-command.ts';
import type { TypedOptions } from './run-options.ts';
import { unknownFlag } from './unknown-flags.ts';

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
    .configureHelp({ subcommandTerm: (command) => termOf(command) })
    .addHelpText('after', `\nPipelines: ${project.pipelines.join(', ') || '(none in pipelines/)'}`);
  openEnded(program, ended);
  const groups = new Map<string, Command>();
  for (const declaration of COMMANDS) {
    const [first = '', second] = declaration.name.split(' ');
    const parent = second === undefined ? program : (groups.get(first) ?? groupOf(program, first, ended));
    if (second !== undefined) groups.set(first, parent);
    const command = quiet(parent.command(second ?? first).description(declaration.help));
    for (const alias of declaration.aliases) command.alias(alias);
    if (declaration.takes === 'pipelines') command.argument('[pipelines...]');
    else if (declaration.takes !== 'nothing')
      command.argument('[words...]').usage(`[options] ${declaration.takes.usage}`);
    for (const option of optionsOf(declaration, declared))
      for (const one of commanderOptions(option)) command.addOption(one);
    command.action(async (...args: unknown[]) => {
      const words = declaration.takes === 'nothing' ? [] : (args[0] as string[]);
      requireWords(declaration, words);
      ended(await runCommand(declaration.name, words, command.opts<TypedOptions>(), project));
    });
  }
  return program;
}

/** A command in a list of commands: `copy <from...> <to>`. */
function termOf(command: Command): string {
  const names = [command.name(), ...command.aliases()].join('|');
  return `${names} ${command.usage().replace(/^\[options\] ?/, '')}`.trimEnd();
}

/** Without a command of its own: its help, and exit status 2. */
function openEnded(command: Command, ended: (code: ExitCode) => void, group = ''): Command {
  return (
    quiet(command)
      .argument('[command]')
      // What follows a name that nobody knows is of no interest.
      .allowExcessArguments(true)
      .action((name: string | undefined) => {
        if (name !== undefined) throw unknownCommand(group, name);
        command.outputHelp();
        ended(EXIT.usage);
      })
  );
}

function groupOf(program: Command, name: string, ended: (code: ExitCode) => void): Command {
  const members = COMMANDS.filter((command) => command.name.startsWith(`${name} `));
  const group = program.command(name).description(members.map((command) => command.name.split(' ')[1]).join(', '));
  return openEnded(group.helpCommand(false).copyInheritedSettings(program).usage('<command>'), ended, `${name} `);
}

/** What is wrong is said in our words, by whoever catches it. */
function quiet(command: Command): Command {
  return command
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .allowExcessArguments(false);
}

function requireWords({ name, takes }: CommandDeclaration, words: readonly string[]): void {
  if (typeof takes === 'string') return;
  const { usage, least, most }: Words = takes;
  if (words.length >= least && words.length <= most) return;
  throw usageError(
    words.length < least ? `${name} needs ${usage}.` : `${name} takes ${usage}, and nothing behind that.`,
    `npm run acequia -- ${name} ${usage}   (npm run acequia -- help ${name.split(' ')[0] ?? ''})`,
  );
}

function commanderOptions({ name, takes, placeholder, help, aliases }: OptionDeclaration): Option[] {
  const also = aliases.length > 0 ? ` (also ${aliases.map((alias) => `--${alias}`).join(', ')})` : '';
  const collect = (parts: (value: string) => string[]) => (value: string, before: string[] | undefined) => [
    ...(before ?? []),
    ...parts(value),
  ];
  switch (takes) {
    case 'nothing':
      return [new Option(`--${name}`, help + also)];
    case 'yes-or-no':
      return [new Option(`--${name}`, help + also), new Option(`--no-${name}`)];
    case 'value':
      return [new Option(`--${name} <${placeholder ?? 'value'}>`, help + also)];
    case 'values':
      return [new Option(`--${name} <${placeholder ?? 'value'}>`, help + also).argParser(collect((value) => [value]))];
    case 'list':
      return [
        new Option(`--${name} <${placeholder ?? 'names'}...>`, help + also).argParser(
          collect((value) => value.split(',').filter((part) => part !== '')),
        ),
      ];
  }
}

function unknownCommand(group: string, name: string): CommandError {
  const names = COMMANDS.flatMap((command) => [command.name, ...command.aliases]);
  const words = names.flatMap((known) => (known.startsWith(group) ? [known.slice(group.length)] : []));
  const first = [...new Set(words.map((word) => (group === '' ? (word.split(' ')[0] ?? '') : word)))];
  return usageError(
    `There is no command "${group}${name}".${closest(name, first)}`,
    `use one of: ${first.map((word) => group + word).join(', ')}`,
  );
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
