import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { maskSecrets } from '../../activities/failure/mask.ts';
import { CommandError, exitCodeOfError } from './command-error.ts';
import type { ExitCode } from './exit-codes.ts';

/** Says what ended a command: words for people on standard error, with `--json` also one document on standard output. */
export function reportError(error: unknown, { json }: { readonly json: boolean }): ExitCode {
  const exitCode = exitCodeOfError(error);
  const message = maskSecrets(error instanceof Error ? error.message : String(error));
  process.stderr.write(`${isForPeople(error) ? message : maskSecrets(stackOf(error))}\n`);
  if (json) {
    const type = error instanceof AcequiaError ? error.type : null;
    process.stdout.write(`${JSON.stringify({ exitCode, error: { type, message } }, null, 2)}\n`);
  }
  return exitCode;
}

function isForPeople(error: unknown): boolean {
  return (
    error instanceof CommandError ||
    error instanceof AcequiaError ||
    (error instanceof Error && error.name === 'ListenError')
  );
}

/** What nobody foresaw: the stack is what a report of it needs. */
function stackOf(error: unknown): string {
  return `unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
