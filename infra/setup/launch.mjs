#!/usr/bin/env node
/**
 * The door to every command: `node infra/setup/launch.mjs <command> [arguments]`. Provides what is missing and
 * then runs the command line in this same process. `--only-setup [--test]` provides and leaves.
 */
import { nodeTooOld } from './node-version.mjs';

/** Commands that need no server and no extension: they must answer on a machine that has neither. */
const withoutServers = new Set([
  ...[undefined, 'doctor', 'help', '--help', '-h', '--version', '-V', 'completion'],
  ...['init', 'explain', 'test'],
]);

const tooOld = nodeTooOld(process.versions.node);
if (tooOld) {
  console.error(tooOld);
  process.exitCode = 1;
} else {
  await launch(process.argv.slice(2));
}

async function launch(args) {
  const onlySetUp = args[0] === '--only-setup';
  const { setUp } = await import('./set-up.mjs');
  try {
    await setUp({ servers: !withoutServers.has(args[0]), test: onlySetUp && args.includes('--test') });
  } catch (error) {
    const explained = error.name === 'SetUpError' ? error.message : unwritable(error);
    if (!explained) throw error;
    process.stderr.write(`set-up: ${explained}\n`);
    process.exitCode = error.exitCode ?? 1;
    return;
  }
  if (!onlySetUp) await runCommandLine(args);
}

/** What to do about a folder that cannot be written, or nothing for any other error. */
function unwritable({ code, path }) {
  const causes = {
    EACCES: 'you may not write there',
    EROFS: 'that disk is read-only',
    ENOSPC: 'that disk is full',
    ENOENT: 'its folder cannot be made',
  };
  if (!causes[code] || !path) return undefined;
  return (
    `cannot write ${path}: ${causes[code]}. What Acequia needs once is kept there.\n` +
    'Mend that, or set XDG_CACHE_HOME to a folder with 500 MB to spare, and run the same command again.'
  );
}

async function runCommandLine(args) {
  const { existsSync } = await import('node:fs');
  const { pathToFileURL } = await import('node:url');
  const { builtFile } = await import('./build.mjs');
  const commandLine = builtFile('client/cli/main.ts');
  if (!existsSync(commandLine)) {
    process.stderr.write(`set-up: there is no command line to run: client/cli/main.ts is missing from the sources.\n`);
    process.exitCode = 1;
    return;
  }
  process.argv = [process.argv[0], commandLine, ...args];
  await import(pathToFileURL(commandLine).href);
}
