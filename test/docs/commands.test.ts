import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadExtension } from '../../activities/duckdb/extensions.ts';
import { withSession } from '../../activities/duckdb/session.ts';
import { docSteps, type DocStep } from './doc-steps.ts';
import { copyProject, freePort, newcomer, Typed } from './fresh-copy.ts';
import { page, pages } from './pages.ts';

/** Every command of the documentation is typed here, in its order, into a fresh copy of the project. */

/** What `.ci/run` does itself: this test is part of it, and cannot run itself. */
const runByCi = [
  '.ci/run',
  ...page('.ci/run')
    .text.split('\n')
    .flatMap((line) => (line.startsWith('step ') ? [line.slice('step '.length)] : [])),
];

/** Programs that a reader may have and this machine may lack. */
const OPTIONAL = ['sqlite3', 'curl'];
const STAYS_UP = /^npm run (?:dev|api)$/;
const API = 'http://127.0.0.1:5000';

const steps = new Map<string, { readonly name: string; readonly step: DocStep }>();
for (const { name, text } of pages()) {
  for (const step of docSteps(text)) {
    const key = step.kind === 'run' ? step.command : step.path;
    // The pages repeat each other, one in Spanish; what is done is done.
    if (!steps.has(key)) steps.set(key, { name, step });
  }
}

let folder: string;
let port: number;
let env: NodeJS.ProcessEnv;
let up: Typed | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'acequia-docs-'));
  copyProject(folder);
  port = await freePort();
  env = newcomer(port);
});

afterAll(async () => {
  await up?.interrupt('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

test('the pages hold commands', () => {
  const commands = [...steps.keys()];
  expect(commands).toEqual(expect.arrayContaining(['npm run start-workflow --env dev', 'npm test', 'npm run dev']));
});

describe('what the pages say works', () => {
  test.each([...steps.values()].map(({ name, step }) => [name, titleOf(step), step] as const))(
    '%s: %s',
    async (_name, _title, step) => {
      if (step.kind === 'write') write(step.path, step.text);
      else if (runByCi.includes(step.command)) expect(page('.ci/run').text).toContain('npm test');
      else if (STAYS_UP.test(step.command)) await startAndLeaveUp(step.command);
      else await type(step.command);
    },
  );

  test('what stays up is stopped by Ctrl-C, and leaves no port behind', async () => {
    await stopWhatIsUp();
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
  });
});

async function startAndLeaveUp(command: string): Promise<void> {
  await stopWhatIsUp();
  up = new Typed(command, folder, env);
  await up.said('Ctrl-C stops');
}

async function stopWhatIsUp(): Promise<void> {
  if (!up) return;
  const { code, output } = await up.interrupt();
  up = undefined;
  expect(output).toMatch(/stopped\n$/);
  // The command ends well; npm itself dies of the Ctrl-C that it was sent as well.
  expect([0, null]).toContain(code);
}

async function type(command: string): Promise<void> {
  execFileSync('bash', ['-n', '-c', command]);
  const program = /^(?:\w+=\S* )*(\S+)/.exec(command)?.[1] ?? '';
  if (program === 'duckdb' && !isThere(program)) return askOwnDuckdb(command);
  if (OPTIONAL.includes(program) && !isThere(program)) {
    console.log(`only its syntax is tested, ${program} is not on this machine: ${command}`);
    return;
  }
  const { code, output } = await new Typed(command.replaceAll(API, `http://127.0.0.1:${port}`), folder, env).ended;
  expect(code, `${command}\n${output}`).toBe(0);
  if (program === 'curl') expect(output).toContain('"Electronicos":2957');
}

/** Without the `duckdb` program: the same SQL, to the DuckDB that Acequia has. */
async function askOwnDuckdb(command: string): Promise<void> {
  const words = execFileSync('bash', ['-c', `duckdb() { printf '%s' "$2"; }\n${command}`], { encoding: 'utf8' });
  const sql = words
    .replace('INSTALL sqlite; LOAD sqlite;', '')
    .replaceAll(/(?<=['":])\.acequia\//g, `${folder}/.acequia/`);
  await withSession(undefined, async (session) => {
    for (const extension of ['sqlite_scanner', 'ducklake'] as const) await loadExtension(session, extension);
    const answer = await session.connection.runAndReadAll(sql);
    expect(answer.currentRowCount, command).toBeGreaterThan(0);
  });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function isThere(program: string): boolean {
  try {
    execFileSync('bash', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}

function titleOf(step: DocStep): string {
  return step.kind === 'run' ? (step.command.split('\n')[0] ?? '') : `(writes ${step.path})`;
}
