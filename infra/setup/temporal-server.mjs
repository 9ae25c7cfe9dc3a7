import { dirname, join } from 'node:path';
import { cacheFolder, isFile } from './cache-folder.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { onPath } from './on-path.mjs';
import { say } from './say.mjs';

/** The newest version that `go install` can build. */
export const temporalVersion = '1.5.1';
const ending = process.platform === 'win32' ? '.exe' : '';

/** Exit status "engine unreachable" of the command line. */
const engineUnreachable = 6;

/** Where set-up puts the `temporal` program. */
export function cachedTemporal() {
  return join(cacheFolder(), 'temporal', `cli-${temporalVersion}`, `temporal${ending}`);
}

/**
 * The `temporal` program on this machine: the one on PATH, else the one in the cache.
 * @returns {{ path: string, from: 'PATH' | 'cache' } | undefined}
 */
export function findTemporal() {
  const installed = onPath('temporal');
  if (installed) return { path: installed, from: 'PATH' };
  const cached = cachedTemporal();
  return isFile(cached) ? { path: cached, from: 'cache' } : undefined;
}

/** Whether the environment names a server that already runs, so that none is needed on this machine. */
export function usesOwnServer(environment = process.env) {
  if (environment.TEMPORAL_ADDRESS) return environment.TEMPORAL_ADDRESS === 'embedded';
  return !environment.TEMPORAL_PROFILE;
}

/** Gets the Temporal dev server where there is none yet. */
export async function ensureTemporal() {
  if (findTemporal()) return;
  await oneAtATime(join(cacheFolder(), 'locks', 'temporal'), install, {
    waiting: (pid) => say(`waiting for another set-up (process ${pid}) that is getting the Temporal dev server`),
  });
}

async function install() {
  if (findTemporal()) return;
  // Loaded only when something is missing: every start of every command passes here.
  const [{ tryWays }, { goInstallWays }, { sdkDownloadWay }] = await Promise.all([
    import('./try-ways.mjs'),
    import('./ways/go-install.mjs'),
    import('./ways/sdk-download.mjs'),
  ]);
  const place = cachedTemporal();
  await tryWays({
    what: 'the Temporal dev server (`temporal`)',
    why: 'which keeps the state of every run',
    sought: ['`temporal` on PATH: not there', `the cache: no ${place}`],
    ways: [
      sdkDownloadWay({ kind: 'dev-server', place }),
      ...goInstallWays({
        sources: [`github.com/temporalio/cli/cmd/temporal@v${temporalVersion}`],
        go: '1.25',
        minutes: '4 to 11',
        place: dirname(place),
      }),
    ],
    byHand: [
      'install the `temporal` program so that it is on PATH (https://docs.temporal.io/cli)',
      'TEMPORAL_ADDRESS=host:7233 in the environment, to use a Temporal server that already runs (docker-compose.temporal.yml starts one)',
    ],
    exitCode: engineUnreachable,
  });
}
