import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { onWayOut } from './way-out.mjs';

/** The one folder outside the project in which set-up leaves anything. Deleting it is always safe. */
export function cacheFolder(environment = process.env) {
  return join(userCache(environment), 'acequia');
}

function userCache(environment) {
  if (environment.XDG_CACHE_HOME) return environment.XDG_CACHE_HOME;
  if (process.platform === 'win32' && environment.LOCALAPPDATA) return environment.LOCALAPPDATA;
  return join(environment.HOME || homedir(), '.cache');
}

/**
 * Fills a folder or file under a temporary name beside its place and renames it there when `fill` is
 * done: nothing half-installed is ever seen, and of two set-ups at once the second's rename wins nothing
 * but harms nothing.
 * @param {string} place where the finished thing belongs
 * @param {(workFolder: string) => Promise<string>} fill returns the path, inside the work folder, of what goes to `place`
 */
export async function installAt(place, fill) {
  mkdirSync(dirname(place), { recursive: true });
  removeAbandoned(dirname(place));
  const workFolder = join(dirname(place), `.unfinished-${process.pid}-${basename(place)}`);
  const remove = () => rmSync(workFolder, { recursive: true, force: true, maxRetries: 3 });
  const finished = onWayOut(remove);
  try {
    mkdirSync(workFolder, { recursive: true });
    moveInto(await fill(workFolder), place);
  } finally {
    remove();
    finished();
  }
}

function moveInto(finished, place) {
  try {
    renameSync(finished, place);
  } catch (error) {
    // A folder is not replaced by a rename: either somebody else was faster, or a broken one lies there.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'EPERM') throw error;
    const old = join(dirname(place), `.unfinished-${process.pid}-old-${basename(place)}`);
    renameSync(place, old);
    renameSync(finished, place);
    rmSync(old, { recursive: true, force: true });
  }
}

/** What a set-up killed by force left behind. */
function removeAbandoned(folder) {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^\.unfinished-(\d+)-/.exec(name)?.[1]);
    if (!pid || pid === process.pid || isRunning(pid)) continue;
    rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Whether a process with this id exists, whoever owns it. */
export function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Whether a file is there and holds something. */
export function isFile(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.isFile() && found.size > 0;
}
