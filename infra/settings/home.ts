import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { projectRoot } from '../setup/inventory.mjs';

/** Where every environment keeps its state: `ACEQUIA_HOME`, default `.acequia` in the project. Absolute. */
export function homeFolder(
  { ACEQUIA_HOME: home }: { readonly ACEQUIA_HOME?: string | undefined },
  root: string = projectRoot(),
): string {
  return home ? absolutePath(home, root) : join(root, '.acequia');
}

/** Relative paths count from the project, not from where a command happens to be called. */
export function absolutePath(path: string, root: string): string {
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(root, path);
}
