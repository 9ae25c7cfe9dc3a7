import { join } from 'node:path';
import { cacheFolder, isFile } from './cache-folder.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { say } from './say.mjs';
import { tryWays } from './try-ways.mjs';
import { goInstallWays } from './ways/go-install.mjs';
import { pythonPackagesWay } from './ways/python-packages.mjs';
import { pythonProgram } from './ways/python-wheel.mjs';

/** Servers for tests: versitygw speaks S3, and checks signatures; fake-gcs-server speaks Google Cloud Storage; moto other AWS services. */
const versitygwVersion = '1.8.0';
const fakeGcsVersion = '1.56.1';
const motoVersion = '5.2.5';
const ending = process.platform === 'win32' ? '.exe' : '';

/** @returns {{ path: string, from: 'cache' } | undefined} */
export const versitygw = () => built('versitygw');
/** @returns {{ path: string, from: 'cache' } | undefined} */
export const fakeGcs = () => built('fake-gcs-server');

/**
 * moto's server: a module of Python, `moto.server`, and the folder of packages that it needs.
 * @returns {{ path: string, packages: string, from: 'cache' } | undefined} `path`: the Python that runs it
 */
export function moto() {
  const python = pythonProgram();
  return python && isFile(join(motoPlace(), 'moto', 'server.py'))
    ? { path: python, packages: motoPlace(), from: 'cache' }
    : undefined;
}

export const objectServerVersions = { versitygw: versitygwVersion, fakeGcs: fakeGcsVersion, moto: motoVersion };

/** Gets those that are not there yet. */
export async function ensureObjectServers() {
  if (!(versitygw() && fakeGcs())) await once('object-servers', installBuilt);
  if (!moto()) await once('moto', installMoto);
}

function once(name, install) {
  return oneAtATime(join(cacheFolder(), 'locks', name), install, {
    waiting: (pid) => say(`waiting for another set-up (process ${pid}) that is getting servers for tests`),
  });
}

async function installBuilt() {
  if (versitygw() && fakeGcs()) return;
  await tryWays({
    what: 'versitygw and fake-gcs-server',
    why: 'which stand for S3 and Google Cloud Storage in tests',
    sought: [`the cache: nothing in ${builtPlace()}`],
    ways: goInstallWays({
      sources: [
        `github.com/versity/versitygw/cmd/versitygw@v${versitygwVersion}`,
        `github.com/fsouza/fake-gcs-server@v${fakeGcsVersion}`,
      ],
      go: '1.26',
      minutes: '5 to 9',
      place: builtPlace(),
    }),
  });
}

async function installMoto() {
  if (moto()) return;
  await tryWays({
    what: 'moto',
    why: 'which stands for other services of AWS in tests',
    sought: [`the cache: nothing in ${motoPlace()}`],
    ways: [
      pythonPackagesWay({
        requirements: [`moto[server]==${motoVersion}`],
        expected: 'about 250 MB, a minute',
        place: motoPlace(),
      }),
    ],
  });
}

function built(name) {
  const path = join(builtPlace(), `${name}${ending}`);
  return isFile(path) ? { path, from: 'cache' } : undefined;
}

const builtPlace = () => join(cacheFolder(), 'object-servers', `${versitygwVersion}-${fakeGcsVersion}`);
const motoPlace = () => join(cacheFolder(), 'moto', motoVersion);
