import { readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder, isFile } from './cache-folder.mjs';
import { onPath } from './on-path.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { say } from './say.mjs';
import { tryWays } from './try-ways.mjs';
import { debianPackagesWay } from './ways/debian-packages.mjs';

/** Where systems put daemons, whether PATH names it or not. */
const DAEMONS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'].join(delimiter);

/**
 * The malware scanner's daemon, for tests.
 * @returns {{ path: string, libraries: string | undefined, from: 'PATH' | 'cache' } | undefined} `libraries`: a folder
 *   that it needs on its library path
 */
export function clamd() {
  const installed = onPath('clamd') ?? onPath('clamd', DAEMONS);
  if (installed) return { path: installed, libraries: undefined, from: 'PATH' };
  const path = join(place(), 'usr', 'sbin', 'clamd');
  return isFile(path) ? { path, libraries: libraries(), from: 'cache' } : undefined;
}

/** Gets clamd where there is none yet. */
export async function ensureClamd() {
  if (clamd()) return;
  await oneAtATime(join(cacheFolder(), 'locks', 'clamav'), install, {
    waiting: (pid) => say(`waiting for another set-up (process ${pid}) that is getting clamd`),
  });
}

async function install() {
  if (clamd()) return;
  await tryWays({
    what: 'clamd, the malware scanner',
    why: 'with which tests scan files',
    sought: [`PATH: no \`clamd\``, `the cache: nothing in ${place()}`],
    ways: [
      debianPackagesWay({
        name: 'clamav-daemon',
        needs: [
          ['clamav-daemon', /libclamav\d\w*/],
          ['libclamav', /libmspack\w+/],
        ],
        place: place(),
      }),
    ],
    byHand: ['install ClamAV (macOS: brew install clamav)'],
  });
}

function libraries() {
  const folder = join(place(), 'usr', 'lib');
  const own = readdirSync(folder).find(
    (name) => name.endsWith('-linux-gnu') && statSync(join(folder, name)).isDirectory(),
  );
  return join(folder, own ?? '.');
}

const place = () => join(cacheFolder(), 'clamav');
