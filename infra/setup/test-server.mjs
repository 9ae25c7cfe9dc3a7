import { join } from 'node:path';
import { cacheFolder, isFile } from './cache-folder.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { say } from './say.mjs';
import { tryWays } from './try-ways.mjs';
import { mavenTestServerWay } from './ways/maven-test-server.mjs';
import { sdkDownloadWay } from './ways/sdk-download.mjs';

export const testServerVersion = '1.38.0';
const ending = process.platform === 'win32' ? '.cmd' : '';

/**
 * The time-skipping test server, as `existing-path` for `TestWorkflowEnvironment.createTimeSkipping`.
 * It knows neither visibility nor schedules nor reset: tests of those use the dev server.
 * @returns {{ path: string, from: 'cache' } | undefined}
 */
export function testServer() {
  return [downloadedPlace(), mavenPlace()].filter(isFile).map((path) => ({ path, from: 'cache' }))[0];
}

/** Gets the test server where there is none yet. */
export async function ensureTestServer() {
  if (testServer()) return;
  await oneAtATime(join(cacheFolder(), 'locks', 'temporal-test-server'), install, {
    waiting: (pid) => say(`waiting for another set-up (process ${pid}) that is getting the Temporal test server`),
  });
}

async function install() {
  if (testServer()) return;
  await tryWays({
    what: 'the time-skipping Temporal test server',
    why: 'which lets tests skip days in milliseconds',
    sought: [`the cache: nothing in ${folder()}`],
    ways: [
      sdkDownloadWay({ kind: 'test-server', place: downloadedPlace() }),
      mavenTestServerWay({ version: testServerVersion, place: join(folder(), 'maven') }),
    ],
  });
}

const folder = () => join(cacheFolder(), 'temporal-test-server', testServerVersion);
const downloadedPlace = () =>
  join(folder(), process.platform === 'win32' ? 'temporal-test-server.exe' : 'temporal-test-server');
const mavenPlace = () => join(folder(), 'maven', `temporal-test-server${ending}`);
