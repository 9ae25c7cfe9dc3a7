import { join } from 'node:path';
import { resolveEnvironment } from '../../../infra/settings/environment-settings.ts';
import type { Format, RunOptions } from '../../../workflows/definition/index.ts';
import { usageError } from '../command-error.ts';
import type { ExitCode } from '../exit-codes.ts';
import { publishAnyway } from '../publish-anyway.ts';
import { putAside } from '../put-aside.ts';
import type { TypedOptions } from '../run-options.ts';
import { typedCommand } from '../shell-words.ts';
import { startRequests, type Starting } from '../start-requests.ts';
import { copyName } from './copy-name.ts';
import { copyOptions } from './copy-options.ts';
import { copyWords } from './copy-words.ts';
import { destinationWord } from './destination.ts';
import { STANDARD_INPUT } from './sources.ts';

export interface CopyArguments extends Pick<Starting, 'detach' | 'wait' | 'json'> {
  /** What is copied, then where to. */
  readonly words: readonly string[];
  readonly typed: TypedOptions;
  readonly environment: string;
  /** What relative paths count from. */
  readonly folder: string;
}

/** `acequia copy`: an ordinary durable run of files that have no pipeline. */
export async function copy(args: CopyArguments): Promise<ExitCode> {
  const { typed, environment, folder } = args;
  const settings = resolveEnvironment(environment, process.env);
  const to = args.words.at(-1) ?? '';
  const typedFrom = args.words.slice(0, -1);
  const piped = typedFrom.includes(STANDARD_INPUT);
  if (piped) requireInput(typedFrom, args.words);
  // What is wrong with the command is told before a byte is read.
  copyOptions(piped ? [] : typedFrom, to, typed, folder);
  const from = piped ? [await aside(settings.folder, typed.format)] : typedFrom;
  const copyOf = copyOptions(from, to, typed, folder);
  const options: RunOptions = {
    ...(typed.validateOnly ? { validateOnly: true } : {}),
    ...publishAnyway(typed),
    copy: copyOf,
  };
  const request = { pipeline: copyName(copyOf), environment: settings.name, options };
  return startRequests(settings, [request], {
    ...args,
    again: typedCommand(copyWords({ from, to }, copyOf, options, environment)),
    plain: [
      ...copyWords({ from: copyOf.from, to: destinationWord(copyOf.to) }, copyOf, options, environment),
      ...(args.wait ? ['--wait'] : []),
      ...(args.json ? ['--json'] : []),
    ],
  });
}

/** The worker may be another process: it is given a file. */
function aside(folder: string, format: string | undefined): Promise<string> {
  return putAside(process.stdin, join(folder, 'stdin'), nameOfInput(format), 'standard input (-)');
}

function requireInput(from: readonly string[], words: readonly string[]): void {
  if (from.length > 1) {
    throw usageError(
      'Standard input (-) is copied alone.',
      `copy it by itself: … | ${typedCommand(['copy', '-', words.at(-1) ?? ''])}`,
    );
  }
  if (process.stdin.isTTY) {
    throw usageError(
      'Nothing is piped into standard input (-).',
      `pipe something in: … | ${typedCommand(['copy', '-', words.at(-1) ?? ''])}`,
    );
  }
}

const ENDINGS: Readonly<Record<Format, string>> = {
  csv: '.csv',
  json: '.json',
  jsonl: '.jsonl',
  xml: '.xml',
  excel: '.xlsx',
  parquet: '.parquet',
};

/** A name without an ending promises nothing: the content decides. */
function nameOfInput(format: string | undefined): string {
  const ending = Object.entries(ENDINGS).find(([known]) => known === format)?.[1] ?? '';
  return `stdin${ending}`;
}
