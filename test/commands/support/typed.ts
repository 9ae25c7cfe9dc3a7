import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { projectRoot } from '../../../infra/setup/inventory.mjs';
import { isolated } from '../../support/command.ts';

export interface Ended {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command as a person starts it: with a process group of its own, as a terminal gives it. */
export interface Typed {
  readonly pid: number;
  /** Everything so far, on both streams. */
  readonly output: () => string;
  readonly ended: Promise<Ended>;
  /** Waits for words; fails when the command ends without them. */
  said(words: string | RegExp): Promise<void>;
  /** Ctrl-C: to every process of the group. */
  interrupt(): Promise<Ended>;
  press(signal?: NodeJS.Signals): void;
}

export interface TypedOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a command with a home of its own. In a test, whatever is left of it at the end is killed. */
export function startTyped(home: string, command: readonly string[], options: TypedOptions = {}): Typed {
  const [program = '', ...args] = command;
  const child = execa(program, args, {
    cwd: options.cwd ?? projectRoot(),
    env: { ...withoutNpm(), ...isolated(home), ...options.env },
    reject: false,
    stdin: 'ignore',
    detached: true,
    cleanup: false,
  });
  const state = { output: '', over: false };
  const note = (data: Buffer): void => void (state.output += data.toString());
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  const ended = child.then(({ exitCode, signal, stdout, stderr }) => {
    state.over = true;
    return { exitCode, signal, stdout, stderr };
  });
  const pid = child.pid ?? 0;
  const press = (signal: NodeJS.Signals = 'SIGINT'): void => {
    if (!state.over) process.kill(-pid, signal);
  };
  killAtEnd(() => press('SIGKILL'));
  return {
    pid,
    output: () => state.output,
    ended,
    press,
    interrupt: () => {
      press();
      return ended;
    },
    said: async (words) => {
      while (typeof words === 'string' ? !state.output.includes(words) : !words.test(state.output)) {
        if (state.over) throw new Error(`it ended before it said ${String(words)}:\n${state.output}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** `npm run [--silent] <script> …` through the real npm. */
export function npmRun(home: string, typed: readonly string[], options: TypedOptions = {}): Promise<Ended> {
  return startTyped(home, ['npm', 'run', ...typed], options).ended;
}

/** `acequia <args>`, without npm. */
export function run(home: string, args: readonly string[], options: TypedOptions = {}): Promise<Ended> {
  return startTyped(home, ['node', 'infra/setup/launch.mjs', ...args], options).ended;
}

/** The npm that runs the tests must not speak to the one that is tested. */
function withoutNpm(): Record<string, undefined> {
  const names = Object.keys(process.env).filter(
    (name) => /^(?:npm_|INIT_CWD$)/i.test(name) && !/^npm_config_(?:userconfig|globalconfig)$/i.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

function killAtEnd(kill: () => void): void {
  try {
    onTestFinished(kill);
  } catch {
    // Started for a whole file, which ends it itself.
  }
}
