import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createServer } from 'node:net';
import { projectRoot } from '../../infra/setup/inventory.mjs';

/** Copies what git would take into a clone, uncommitted work included; the installed packages are shared. */
export function copyProject(folder: string): void {
  const root = projectRoot();
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  for (const file of listed.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
}

/** The surroundings of a newcomer's shell: nothing of the npm and the test that run us, and a server and port of its own. */
export function newcomer(apiPort: number): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) =>
      /^npm_config_(?:userconfig|globalconfig)$/i.test(name) ||
      !/^(?:npm_|INIT_CWD$|NODE_ENV$|NODE_OPTIONS$|VITE|TEST$|ACEQUIA_|TEMPORAL_|.*_INBOX$)/i.test(name),
  );
  return { ...Object.fromEntries(inherited), TEMPORAL_ADDRESS: 'embedded', ACEQUIA_API_PORT: String(apiPort) };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A command typed into a shell of its own, so that Ctrl-C reaches everything it has started. */
export class Typed {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #output = '';

  constructor(command: string, cwd: string, env: NodeJS.ProcessEnv) {
    this.#child = spawn('bash', ['-c', command], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const note = (data: Buffer): void => void (this.#output += data.toString());
    this.#child.stdout?.on('data', note);
    this.#child.stderr?.on('data', note);
    this.ended = new Promise((resolve) => this.#child.once('close', (code) => resolve({ code, output: this.#output })));
  }

  /** Waits until the command has said something; fails when it ends before. */
  async said(words: string): Promise<void> {
    const state: { ended?: Ended } = {};
    void this.ended.then((end) => (state.ended = end));
    while (!this.#output.includes(words)) {
      if (state.ended) throw new Error(`ended with ${state.ended.code} before it said "${words}":\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ctrl-C, as a terminal sends it: to the whole group. */
  interrupt(signal: NodeJS.Signals = 'SIGINT'): Promise<Ended> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, signal);
    return this.ended;
  }
}
