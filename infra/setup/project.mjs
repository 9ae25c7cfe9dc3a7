import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the package.json named "acequia". Sought upwards, because this file also runs from
 * inside the bundle, at another depth.
 */
export function projectRoot() {
  foundRoot ??= findRoot(dirname(fileURLToPath(import.meta.url)));
  return foundRoot;
}
let foundRoot;

function findRoot(start) {
  for (let folder = start; ; folder = dirname(folder)) {
    if (readJson(join(folder, 'package.json'))?.name === 'acequia') return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json named "acequia" above ${start}`);
  }
}

/** Digest of the lockfile, or undefined where there is none (installed as a dependency of another project). */
export function lockfileDigest(root = projectRoot()) {
  const lockfile = join(root, 'package-lock.json');
  if (!existsSync(lockfile)) return undefined;
  return createHash('sha256').update(readFileSync(lockfile)).digest('hex');
}

/** The folder of an installed package, sought as Node does: here, then in the folders above. */
export function packageFolder(name, root = projectRoot()) {
  for (let folder = root; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The version of an installed package, or undefined. */
export function packageVersion(name, root = projectRoot()) {
  const folder = packageFolder(name, root);
  return folder && readJson(join(folder, 'package.json'))?.version;
}

/** A JSON file's content; undefined where it is missing or half written. */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
