import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { freePort } from './free-port.ts';

/** A server with a folder for what it keeps, on a free port of the loopback interface. */
export interface ServerProcess {
  readonly url: string;
  readonly folder: string;
}

/**
 * Starts a server, and waits until it answers over HTTP, whatever it says. To be called while a test file is loaded: it
 * ends with the file, and its folder goes.
 * @param command says how it is started, with its arguments and what it needs in its environment
 */
export async function startServer(
  program: string | undefined,
  command: (port: number, folder: string) => { readonly args: string[]; readonly env?: NodeJS.ProcessEnv },
): Promise<ServerProcess> {
  if (!program) throw new Error('A server for tests is missing: npm test gets it before it begins.');
  const folder = await mkdtemp(join(tmpdir(), 'acequia-objects-'));
  const port = await freePort();
  const { args, env } = command(port, folder);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let said = '';
  const listen = (text: Buffer): void => {
    said = (said + text.toString()).slice(-4000);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  afterAll(async () => {
    process.off('exit', kill);
    kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { url, folder };
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
