import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AcequiaError } from '../../../activities/failure/acequia-error.ts';
import { diskError } from '../../../activities/failure/disk.ts';
import { makePlan } from '../../../activities/plan/make-plan.ts';
import { resolveEnvironment, type EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import type { Receipt } from '../../../workflows/receipt.ts';
import { usageError } from '../command-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { planSettings } from '../plan-settings.ts';
import { readReports } from '../runs/source-reports.ts';
import { shortId } from '../runs/stored-runs.ts';
import { shellWords, typedCommand } from '../shell-words.ts';
import { chooseCopy, copyText, takeCommand, unreadLines, type ChosenCopy, type CopyRun } from './chosen-copy.ts';
import { newPipeline, type NewPipeline } from './new-pipeline.ts';
import { definitionText, modelText, readmeText } from './pipeline-text.ts';

export interface InitArguments {
  /** Of the pipeline to make. */
  readonly name: string;
  /** The copy it is made of. Default: the last one that was published whole. */
  readonly run: string | undefined;
  readonly environment: string;
  readonly json: boolean;
}

/** `acequia init`: a copy that worked becomes a folder in `pipelines/`. */
export async function init({ name, run, environment, json }: InitArguments): Promise<ExitCode> {
  const settings = resolveEnvironment(environment, process.env);
  const folder = join(settings.pipelinesFolder, name);
  requireName(name, folder);
  const chosen = await chooseCopy(name, run, settings);
  const { receipt, copy } = chosen;
  const told = await readReports(receipt, settings.lake);
  const pipeline = newPipeline(name, copy, told);
  const files = filesOf(pipeline, receipt);
  await writeFolder(folder, files);
  const problem = await problemOf(pipeline, settings);
  const paths = Object.keys(files).map((file) => join('pipelines', name, file));
  if (json) print(JSON.stringify({ pipeline: name, ...documentOf(chosen), files: paths, problem }, null, 2));
  else {
    const lines = [...copyLines(name, chosen), ...paths, ...(problem === null ? [] : [problem])];
    print([...lines, ...nextLines(pipeline)].join('\n'));
  }
  return problem === null ? EXIT.done : EXIT.usage;
}

function requireName(name: string, folder: string): void {
  if (!/^[a-z][a-z0-9_-]{0,62}$/.test(name)) {
    throw usageError(
      `"${name}" cannot be a pipeline's name.`,
      'small letters, digits, _ and - are expected, a letter first, at most 63',
    );
  }
  if (existsSync(folder)) throw usageError(`There is a pipeline folder ${folder} already.`, 'choose another name');
}

/** Which copy it was made of, what of it could not be read, and which newer ones were left aside. */
function copyLines(name: string, chosen: ChosenCopy): string[] {
  return [
    `made of      ${copyText(chosen)}`,
    ...unreadLines(chosen.receipt).map((line) => `without      ${line}`),
    ...chosen.leftAside.flatMap((one) => [
      `left aside   ${copyText(one)}, which is newer: ${one.why}`,
      ...(one.usable
        ? [`             to take it all the same: remove ${join('pipelines', name)}, then ${takeCommand(name, one)}`]
        : []),
    ]),
  ];
}

function documentOf({ leftAside, ...chosen }: ChosenCopy) {
  const told = ({ receipt: { run }, copy: { from, to } }: CopyRun) => {
    return { runId: run.runId, startedAt: run.startedAt, from, to };
  };
  return {
    copy: { ...told(chosen), without: unreadLines(chosen.receipt) },
    leftAside: leftAside.map((one) => ({ ...told(one), why: one.why, usable: one.usable })),
  };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function filesOf(pipeline: NewPipeline, { run }: Receipt): Readonly<Record<string, string>> {
  const found = `Types and dialects as run ${shortId(run.runId)} of ${run.startedAt.slice(0, 10)} has found them.`;
  return {
    'pipeline.ts': definitionText(pipeline, found),
    ...Object.fromEntries(pipeline.models.map((model) => [`models/${model.name}.sql`, modelText(model)])),
    'README.md': readmeText(pipeline),
  };
}

/** All of it, or nothing. */
async function writeFolder(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const part = join(dirname(folder), `.init-${randomUUID()}`);
  try {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(part, file)), { recursive: true });
      await writeFile(join(part, file), text);
    }
    await rename(part, folder);
  } catch (error) {
    throw diskError(error, folder);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** What `validate` says against it; the files stand, for a person to mend. */
async function problemOf({ name, inbox }: NewPipeline, settings: EnvironmentSettings): Promise<string | null> {
  const work = { report: () => undefined, signal: new AbortController().signal };
  try {
    await makePlan(name, inbox === '' ? {} : { inbox }, new Date().toISOString(), planSettings(settings), work);
    return null;
  } catch (error) {
    if (error instanceof AcequiaError) return error.message;
    throw error;
  }
}

function nextLines({ name, setting, inbox }: NewPipeline): string[] {
  const next = `next:  ${typedCommand(['validate', name])}`;
  // Places in several buckets stand in the definition, whole.
  if (inbox === '') return [next, `       npm run start-workflow ${name}`];
  return [
    next,
    `       npm run start-workflow ${name} -- --inbox ${shellWords([inbox])}   (${setting} names that folder for good)`,
  ];
}
