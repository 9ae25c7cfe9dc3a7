import { execa, type Options, type Result } from 'execa';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../infra/setup/inventory.mjs';
import type { Receipt } from '../../workflows/receipt.ts';

/** The settings of a command that must not meet anything of this machine: a home of its own and its own server. */
export function isolated(home: string): Record<string, string> {
  return { ACEQUIA_HOME: home, TEMPORAL_ADDRESS: 'embedded', NO_COLOR: '1', ACEQUIA_API_PORT: '0' };
}

/** Runs `acequia <args>` as a process of its own, as a person would; never throws for its exit status. */
export function acequia(home: string, args: readonly string[], options: Options = {}) {
  return execa('node', ['infra/setup/launch.mjs', ...args], {
    cwd: projectRoot(),
    reject: false,
    stdin: 'ignore',
    ...options,
    env: { ...isolated(home), ...options.env },
  }) as Promise<Result<{ stdin: 'ignore'; reject: false }>> & {
    readonly pid?: number;
    kill(signal?: NodeJS.Signals): boolean;
  };
}

/** Settings that load the kill switch into a command. */
export function killingAt(event: string, pidFile?: string): Record<string, string> {
  return { ...switchedOn(), ACEQUIA_TEST_KILL_AT: event, ...(pidFile ? { ACEQUIA_TEST_KILL_PID_FILE: pidFile } : {}) };
}

/** Settings that write down every event of a command's worker. */
export function recordingTo(file: string): Record<string, string> {
  return { ...switchedOn(), ACEQUIA_TEST_EVENTS: file };
}

function switchedOn(): Record<string, string> {
  return { NODE_OPTIONS: `--import=${pathToFileURL(join(projectRoot(), 'test/support/kill-switch.mjs')).href}` };
}

/** The receipt that `--json` printed. */
export function receiptOf(stdout: string): Receipt {
  return JSON.parse(stdout) as Receipt;
}

/** The alerts written so far. */
export function alertIds(home: string): string[] {
  return readFileSync(join(home, 'dev', 'alerts.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
}
