import { execFileSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { userInfo } from 'node:os';

/** A user and a group, by their ids; what `spawn` takes. */
export interface Unprivileged {
  readonly uid: number;
  readonly gid: number;
}

/** Postgres refuses to run as root: then this is who runs it, `nobody`. Undefined for everybody else. */
export function unprivilegedUser(): Unprivileged | undefined {
  if (process.platform === 'win32' || userInfo().uid !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Whether any user may pass through a folder and all those above it. A folder that is not there yet is judged by those that are. */
export function isPassable(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const above = dirname(folder);
  return (!found || (found.mode & 0o1) === 1) && (above === folder || isPassable(above));
}
