import { recoverTyped } from './npm-flags.ts';
import { declareOptions } from './options.ts';
import { CommanderError } from 'commander';
import { findCommand, optionsOf } from './commands.ts';
import { buildProgram, commanderRefusal } from './program.ts';
import { readProjectNames } from './project-names.ts';
import { keysKnownToNpm, refuseUnknownFlags } from './unknown-flags.ts';
import { reportError } from './report-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { withinObjectScope } from '../../activities/objects/copies/object-scope.ts';
import { projectRoot } from '../../infra/setup/inventory.mjs';
import { join } from 'node:path';

/** The command line. Runs when it is imported: `infra/setup/launch.mjs` sets `process.argv` before. */
async function main(argv: readonly string[]): Promise<ExitCode> {
  const project = readProjectNames(join(projectRoot(), 'pipelines'));
  const declared = declareOptions(project);
  let exitCode: ExitCode = EXIT.done;
  const program = buildProgram(declared, project, (code) => (exitCode = code));
  const known = findCommand(argv);
  const options = known ? optionsOf(known.command, declared) : [];
  try {
    if (!known) {
      await program.parseAsync([...argv], { from: 'user' });
      return exitCode;
    }
    refuseUnknownFlags(process.env, options, keysKnownToNpm(process.env));
    const typed = recoverTyped({ argv: known.rest, env: process.env, options, pipelines: project.pipelines });
    const words = [...known.command.name.split(' '), ...typed];
    await withinObjectScope(UNTIL_THE_END, () => program.parseAsync(words, { from: 'user' }));
    return exitCode;
  } catch (error) {
    const refused = error instanceof CommanderError ? commanderRefusal(error, options) : error;
    if (refused === undefined) return EXIT.done;
    const json =
      argv.includes('--json') ||
      (process.env['npm_lifecycle_event'] !== undefined && process.env['npm_config_json'] === 'true');
    return reportError(refused, { json });
  }
}

/** An interrupt ends the process, or is heard by the command itself. */
const UNTIL_THE_END = new AbortController().signal;

/** Whatever was written reaches its reader before the process ends, also through a slow pipe. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

// A reader that left early (`| head`) is no reason for a stack trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const exitCode = await main(process.argv.slice(2));
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
// Nothing is left to do; a library's idle socket must not keep the prompt waiting.
process.exit(exitCode);
