import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { databaseFile, type ServerRecord } from './server-record.ts';

const waitMs = 3_000;

/**
 * Ends the server that a keeper killed by force has left behind on this environment's database: two servers on one
 * database would corrupt each other's view of it. Returns whether there was one: its ports are free a moment later.
 */
export async function stopOrphan(environmentFolder: string, record: ServerRecord | undefined): Promise<boolean> {
  if (!record) return false;
  const { serverPid, keeperPid } = record;
  if (!isServerOf(environmentFolder, serverPid)) return false;
  if (keeperPid !== process.pid && commandLine(keeperPid)?.includes('keeper')) {
    throw new Error(
      `process ${keeperPid} already keeps a Temporal server on ${databaseFile(environmentFolder)}, but its socket cannot be reached from here ` +
        `(another /tmp?). Run the command where that one runs, or end it: kill ${keeperPid}`,
    );
  }
  for (const end = Date.now() + waitMs; isServerOf(environmentFolder, serverPid) && Date.now() < end;) {
    process.kill(serverPid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

/** Whether a process id is, by its command line, a dev server on this environment's database and not a later namesake. */
function isServerOf(environmentFolder: string, pid: number): boolean {
  const line = commandLine(pid);
  return line !== undefined && line.includes('start-dev') && line.includes(databaseFile(environmentFolder));
}

function commandLine(pid: number): string | undefined {
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
