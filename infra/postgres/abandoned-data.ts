import { lstatSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { commandLine } from '../keeper/orphan.ts';
import { placeElsewhere } from './cluster-record.ts';
import { isServerOn } from './postgres-server.ts';

const owner = 'belongs-to';

/** Notes beside data that lies elsewhere which folder it belongs to: without that folder nobody can use it. */
export function noteOwner(place: string, folder: string): void {
  writeFileSync(join(place, owner), folder, { mode: 0o600 });
}

/**
 * Removes the data of environments that are gone: each is tens of megabytes that nobody would ever find again.
 * @param place the folder beside which they lie; it stays itself
 */
export function removeAbandoned(place: string): void {
  for (const name of readdirSync(dirname(place))) {
    const other = join(dirname(place), name);
    if (other !== place && isAbandoned(other)) rmSync(other, { recursive: true, force: true });
  }
}

function isAbandoned(place: string): boolean {
  if (!basename(place).startsWith('acequia-postgres-')) return false;
  try {
    const folder = readFileSync(join(place, owner), 'utf8');
    // Written by us, and not by somebody who would have us remove something else.
    const ours = lstatSync(place).uid === process.getuid?.() && placeElsewhere(folder) === place;
    return ours && !statSync(folder, { throwIfNoEntry: false }) && !isUsed(join(place, 'data'));
  } catch {
    return false;
  }
}

function isUsed(data: string): boolean {
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return isServerOn(data, commandLine(pid) ?? '');
  } catch {
    return false;
  }
}
