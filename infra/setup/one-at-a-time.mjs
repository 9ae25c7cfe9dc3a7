import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRunning } from './cache-folder.mjs';
import { onWayOut } from './way-out.mjs';

const held = new Set();

/**
 * Runs `work` while holding a lock file that names this process. Where another living process holds it,
 * waits; a lock whose process is gone is taken over.
 * @param {string} lockFile
 * @param {() => Promise<T>} work
 * @param {{ waiting?: (pid: number) => void, everyMs?: number }} [options] `waiting` is called once if there is a wait
 * @returns {Promise<T>}
 * @template T
 */
export async function oneAtATime(lockFile, work, { waiting, everyMs = 200 } = {}) {
  mkdirSync(dirname(lockFile), { recursive: true, mode: 0o700 });
  let told = false;
  for (let holder = take(lockFile); holder !== undefined; holder = take(lockFile)) {
    if (!told && waiting) waiting(holder);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  held.add(lockFile);
  const finished = onWayOut(() => rmSync(lockFile, { force: true }));
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
    held.delete(lockFile);
    finished();
  }
}

/** Takes the lock, or returns the process id of its living holder. */
function take(lockFile) {
  // Written first and linked then: the lock appears together with its content, or not at all.
  const candidate = `${lockFile}.${process.pid}`;
  writeFileSync(candidate, String(process.pid));
  try {
    for (;;) {
      try {
        linkSync(candidate, lockFile);
        return undefined;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = holderOf(lockFile);
      if (holder === undefined) continue;
      const ours = holder === process.pid;
      if (ours ? held.has(lockFile) : isRunning(holder)) return holder;
      removeStale(lockFile, holder);
    }
  } finally {
    rmSync(candidate, { force: true });
  }
}

/** Removes the lock of a process that is gone, unless somebody else has just taken it over. */
function removeStale(lockFile, deadHolder) {
  const aside = `${lockFile}.${process.pid}.stale`;
  try {
    renameSync(lockFile, aside);
    if (holderOf(aside) !== deadHolder) linkSync(aside, lockFile);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function holderOf(lockFile) {
  try {
    return Number(readFileSync(lockFile, 'utf8')) || undefined;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
