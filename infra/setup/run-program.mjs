import { spawn } from 'node:child_process';
import { onWayOut } from './way-out.mjs';

const tailLength = 16_000;

/**
 * Runs a program to its end and keeps the end of what it printed.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeLimitMs?: number, giveUp?: () => string | undefined,
 *   causeStands?: 'first' | 'last' }} [options] `causeStands`: where in its error output this program names the cause;
 *   `giveUp` is asked every half second; a sentence from it ends the program and is the reason
 * @returns {Promise<string>} its standard output (its end, where that is long)
 * @throws {Error} with the last lines it printed when it fails, is not found, or takes too long
 */
export function runProgram(program, args, { cwd, env = process.env, timeLimitMs, giveUp, causeStands = 'last' } = {}) {
  return new Promise((resolve, reject) => {
    // A process group of its own, so that stopping it also stops the compilers and downloads it started.
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    const ended = onWayOut(() => stop(child));
    let output = '';
    let errors = '';
    let reason;
    child.stdout.on('data', (data) => (output = (output + data).slice(-tailLength)));
    child.stderr.on('data', (data) => (errors = (errors + data).slice(-tailLength)));
    const stopBecause = (sentence) => {
      reason = sentence;
      stop(child);
    };
    const limit =
      timeLimitMs && setTimeout(stopBecause, timeLimitMs, `stopped after ${timeLimitMs / 1000} s without a result`);
    const asking =
      giveUp &&
      setInterval(() => {
        const sentence = giveUp();
        if (sentence) stopBecause(sentence);
      }, 500);
    const finished = (failure) => {
      clearTimeout(limit);
      clearInterval(asking);
      ended();
      if (failure) reject(failure);
      else resolve(output);
    };
    child.on('error', (error) => finished(error.code === 'ENOENT' ? new Error(`${program} is not there`) : error));
    child.on('close', (code, signal) => {
      if (code === 0 && !reason) finished();
      else
        finished(
          new Error(reason ?? `ended with ${signal ?? `exit ${code}`}: ${cause(errors || output, causeStands)}`),
        );
    });
  });
}

function stop(child) {
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

/** Lines that say nothing about the cause. */
const idle =
  /^(npm warn .*|npm error( (code|errno) .*| A complete log .*)?|\[ERROR\] (\[Help|Re-run|To see|For more).*|\[notice\].*)?$/;

function cause(text, stands) {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !idle.test(line));
  const telling = stands === 'first' ? lines.slice(0, 3) : lines.slice(-3);
  return telling.map((line) => line.slice(0, 300)).join(' | ') || 'it printed nothing';
}
