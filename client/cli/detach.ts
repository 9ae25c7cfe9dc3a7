import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentSettings } from '../../infra/settings/environment-settings.ts';
import { isOpened, type OpenedInBackground } from './background.ts';
import { openSession, type CommandSession } from './command-session.ts';
import { CommandError } from './command-error.ts';
import { runLink } from './connect-engine.ts';
import { EXIT, worst, type ExitCode } from './exit-codes.ts';
import { startOrMeet } from './open-run.ts';
import type { RunRequest } from '../../workflows/run-request.ts';
import type { Starting } from './start-requests.ts';

/** Starts runs and leaves. Where no worker is up elsewhere, a copy of this command stays in the background and does the work. */
export async function startDetached(
  settings: EnvironmentSettings,
  requests: readonly RunRequest[],
  { plain, json }: Pick<Starting, 'plain' | 'json'>,
): Promise<ExitCode> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const session = await openSession(settings, say);
  try {
    const elsewhere = await session.worksElsewhere();
    const log = join(
      settings.folder,
      'logs',
      `${requests.map(({ pipeline }) => pipeline).join('+')}-${new Date().toISOString().replaceAll(':', '')}.log`,
    );
    const opened = elsewhere
      ? await openAll(session, settings, requests)
      : await openInBackground(settings, requests.length, plain, log);
    show(opened, session, elsewhere ? undefined : log, json);
    return worst(opened.map(({ met }) => (met && elsewhere ? EXIT.alreadyRunning : EXIT.done)));
  } finally {
    await session.close();
  }
}

function openAll(
  session: CommandSession,
  settings: EnvironmentSettings,
  requests: readonly RunRequest[],
): Promise<OpenedInBackground[]> {
  return Promise.all(
    requests.map(async (request) => {
      const { pipeline } = request;
      const { workflowId, runId, met } = await startOrMeet(session.client, settings.temporal.taskQueue, request);
      return { pipeline, workflowId, runId, met };
    }),
  );
}

async function openInBackground(
  settings: EnvironmentSettings,
  runs: number,
  plain: readonly string[],
  log: string,
): Promise<OpenedInBackground[]> {
  mkdirSync(join(settings.folder, 'logs'), { recursive: true, mode: 0o700 });
  const output = openSync(log, 'a', 0o600);
  const program = process.argv[1] ?? '';
  const child = spawn(process.execPath, [program, ...plain], {
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
    // The flags npm took are among the arguments now; left here they would be read twice.
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?:config|lifecycle)_/i.test(name))),
  });
  closeSync(output);
  try {
    return await untilOpened(child, runs, log);
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

function untilOpened(child: ChildProcess, expected: number, log: string): Promise<OpenedInBackground[]> {
  return new Promise((resolve, reject) => {
    const opened = new Map<string, OpenedInBackground>();
    child.on('message', (message) => {
      if (isOpened(message)) opened.set(message.opened.pipeline, message.opened);
      if (opened.size === expected) resolve([...opened.values()]);
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      const known = Object.values(EXIT).find((candidate) => candidate === code);
      reject(
        new CommandError(
          known || EXIT.failed,
          `The command in the background ended before its run was open.\n${tailOf(log)}`,
        ),
      );
    });
  });
}

function tailOf(log: string): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-8);
  return [...lines.map((line) => `  ${line}`), `  where: ${log}`].join('\n');
}

function show(
  opened: readonly OpenedInBackground[],
  session: CommandSession,
  log: string | undefined,
  json: boolean,
): void {
  const documents = opened.map(({ pipeline, workflowId, runId, met }) => {
    const link = runLink(session.engine, workflowId, runId) ?? null;
    return { run: { pipeline, workflowId, runId, outcome: null, link }, met, log: log ?? null };
  });
  if (json) {
    process.stdout.write(`${JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)}\n`);
    return;
  }
  for (const { run, met } of documents) {
    process.stdout.write(
      `${run.pipeline}: ${met ? 'already running' : 'started'}; ${run.link ?? `${run.workflowId}, ${run.runId}`}\n`,
    );
  }
  if (log) process.stdout.write(`log: ${log}\n`);
}
