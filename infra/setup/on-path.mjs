import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];

/** The full path of a program on PATH, or undefined. */
export function onPath(name, path = process.env.PATH ?? '') {
  const candidates = path
    .split(delimiter)
    .flatMap((folder) => (folder === '' ? [] : endings.map((ending) => join(folder, name + ending))));
  return candidates.find(isProgram);
}

/** Whether a path is a file this user may run. */
function isProgram(path) {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
