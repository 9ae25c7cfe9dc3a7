import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** Ends a command: its message is shown as it stands, its code is the exit status. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The command line itself is wrong. `remedy` is the edit that mends it. */
export function usageError(what: string, remedy: string): CommandError {
  return new CommandError(EXIT.usage, `${what}\n  to do: ${remedy}`);
}

/** Exit status for an error by its kind: what stands in files and settings is 2, what happened is 1. */
export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof AcequiaError) return exitCodeOfFailure(error.type);
  return EXIT.failed;
}

/** Exit status for a failure's stable type. */
export function exitCodeOfFailure(type: string | null | undefined): ExitCode {
  return type === 'DefinitionInvalid' || type === 'SettingMissing' ? EXIT.usage : EXIT.failed;
}
