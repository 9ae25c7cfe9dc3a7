import { resolveEnvironment, type EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import type { CleanUpRequest, CleanUpSummary } from '../../../workflows/clean-up-contract.ts';
import { usageError } from '../command-error.ts';
import { openSession } from '../command-session.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { typedCommand } from '../shell-words.ts';
import { carryCleanUp } from './carry-clean-up.ts';
import { amountText, cleanUpTable, cleanUpVerdict, freedBy } from './clean-up-text.ts';
import { confirmed } from './confirm.ts';

export interface CleanUpArguments {
  readonly environment: string;
  readonly dryRun: boolean;
  /** Remove without asking. */
  readonly yes: boolean;
  readonly json: boolean;
}

/** `acequia clean-up`: shows what is older than its retention, asks, and removes it. */
export async function cleanUp(args: CleanUpArguments): Promise<ExitCode> {
  const settings = resolveEnvironment(args.environment, process.env);
  requireAnswer(settings, args);
  const interrupts = listenForInterrupts();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const session = await openSession(settings, say);
  try {
    await session.ensureWorker();
    const carry = (dryRun: boolean): Promise<CleanUpSummary> =>
      carryCleanUp(session, settings, requestOf(settings, dryRun), interrupts.signal, say);
    const survey = await carry(true);
    if (args.dryRun || freedBy(survey).files === 0) return show(survey, args);
    say(cleanUpTable(survey));
    if (!(await mayRemove(survey, args, interrupts.signal))) return show(survey, args);
    return show(await carry(false), args);
  } finally {
    await session.close();
    interrupts.stopListening();
  }
}

function requestOf({ name, retention }: EnvironmentSettings, dryRun: boolean): CleanUpRequest {
  return { environment: name, retention, dryRun };
}

/** Where defaults are not for taking, nothing is removed without anybody's word. */
function requireAnswer({ name, definition }: EnvironmentSettings, { dryRun, yes }: CleanUpArguments): void {
  if (dryRun || yes || definition.defaults || isTerminal()) return;
  throw usageError(
    `A clean-up of "${name}" removes files for good, and there is no terminal to ask at.`,
    `look first: ${typedCommand(['clean-up', `--env=${name}`, '--dry-run'])}; then add --yes`,
  );
}

async function mayRemove(survey: CleanUpSummary, { yes }: CleanUpArguments, signal: AbortSignal): Promise<boolean> {
  if (yes || !isTerminal()) return true;
  return confirmed(`Remove ${amountText(freedBy(survey))} for good?`, process.stdin, process.stderr, signal);
}

function isTerminal(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

function show(summary: CleanUpSummary, { json, environment }: CleanUpArguments): ExitCode {
  const text = json
    ? JSON.stringify(summary, null, 2)
    : [cleanUpTable(summary), cleanUpVerdict(summary, environment)].join('\n');
  process.stdout.write(`${text}\n`);
  return EXIT.done;
}
