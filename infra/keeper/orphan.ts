import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ProcessRecord } from './record.ts';

const waitMs = 3_000;

/** How a kind of server is recognised, and ended by force. */
export interface OrphanKind {
  /** For messages: `Temporal server`. */
  readonly name: string;
  /** For messages: the file or folder of its data. */
  readonly data: string;
  /** Whether a command line is that of a server on this data, and not that of a later namesake of its process id. */
  readonly isServer: (commandLine: string) => boolean;
  /** Ends it at once. Where it does not within three seconds, SIGKILL follows. */
  readonly signal: NodeJS.Signals;
}

/**
 * Ends the server that a keeper killed by force has left behind: two servers on the same data would corrupt each other's
 * view of it. Returns whether there was one: its ports are free a moment later.
 */
export async function stopOrphan(kind: OrphanKind, record: ProcessRecord | undefined): Promise<boolean> {
  if (!record) return false;
  const { serverPid, keeperPid } = record;
  const runs = (): boolean => {
    const line = commandLine(serverPid);
    return line !== undefined && kind.isServer(line);
  };
  if (!runs()) return false;
  if (keeperPid !== process.pid && commandLine(keeperPid)?.includes('keeper')) {
    throw new Error(
      `process ${keeperPid} already keeps a ${kind.name} on ${kind.data}, but its socket cannot be reached from here ` +
        `(another /tmp?). Run the command where that one runs, or end it: kill ${keeperPid}`,
    );
  }
  for (const signal of [kind.signal, 'SIGKILL'] as const) {
    for (const end = Date.now() + waitMs; runs() && Date.now() < end;) {
      process.kill(serverPid, signal);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  return true;
}

/** The command line of a process; undefined where there is none, or where the system does not tell. */
export function commandLine(pid: number): string | undefined {
  if (!pid || process.platform === 'win32') return undefined;
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') || undefined;
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}
