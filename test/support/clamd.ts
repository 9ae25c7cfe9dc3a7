import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { cacheFolder, installAt } from '../../infra/setup/cache-folder.mjs';
import { oneAtATime } from '../../infra/setup/one-at-a-time.mjs';

const run = promisify(execFile);

/** The test file every scanner finds. In two halves: this source itself is no such file. */
export const EICAR = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''),
);

/** A real clamd with one signature, `Test.EICAR`, on a free port. It takes 1 MB at most. Ends with the test. */
export async function startClamd(): Promise<{ readonly address: string; readonly socket: string }> {
  const { program, libraries } = await findClamd();
  const folder = await mkdtemp(join(tmpdir(), 'acequia-clamd-'));
  const port = await freePort();
  const socket = join(folder, 'clamd.ctl');
  await writeFile(join(folder, 'test.ndb'), `Test.EICAR:0:*:${EICAR.toString('hex')}\n`);
  const settings = {
    DatabaseDirectory: folder,
    TCPAddr: '127.0.0.1',
    TCPSocket: port,
    LocalSocket: socket,
    TemporaryDirectory: folder,
    Foreground: 'yes',
    StreamMaxLength: '1M',
    ...(process.getuid?.() === 0 ? { User: 'root' } : {}),
  };
  const config = join(folder, 'clamd.conf');
  await writeFile(
    config,
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  const child = spawn(program, ['--config-file', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(libraries ? { LD_LIBRARY_PATH: libraries } : {}) },
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`clamd ended with ${child.exitCode}: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { address: `127.0.0.1:${port}`, socket };
}

/** On PATH, or in the cache; where it is in neither, Debian's packages are unpacked into the cache, and not installed. */
async function findClamd(): Promise<{ program: string; libraries: string | undefined }> {
  const places = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  const installed = places.map((place) => join(place, 'clamd')).find((path) => existsSync(path));
  if (installed) return { program: installed, libraries: undefined };
  const place = join(cacheFolder(), 'clamav');
  await oneAtATime(join(cacheFolder(), 'locks', 'clamav'), async () => {
    if (!existsSync(place)) await installAt(place, unpackPackages);
  });
  const library = (await readdir(join(place, 'usr', 'lib'))).find((name) => name.endsWith('-linux-gnu'));
  return { program: join(place, 'usr', 'sbin', 'clamd'), libraries: join(place, 'usr', 'lib', library ?? '.') };
}

async function unpackPackages(folder: string): Promise<string> {
  try {
    const library = await dependency('clamav-daemon', /libclamav\d\w*/);
    const packages = ['clamav-daemon', library, await dependency(library, /libmspack\w+/)];
    await run('apt-get', ['download', ...packages], { cwd: folder });
  } catch (error) {
    throw new Error('This test needs clamd: install it (Debian: apt-get install clamav-daemon).', { cause: error });
  }
  const finished = join(folder, 'finished');
  mkdirSync(finished);
  for (const name of await readdir(folder)) {
    if (name.endsWith('.deb')) await run('dpkg', ['-x', join(folder, name), finished]);
  }
  // Where /lib and /usr/lib are one, some packages still say /lib.
  if (existsSync(join(finished, 'lib')) && !existsSync(join(finished, 'usr', 'lib'))) {
    renameSync(join(finished, 'lib'), join(finished, 'usr', 'lib'));
  }
  return finished;
}

async function dependency(name: string, wanted: RegExp): Promise<string> {
  const { stdout } = await run('apt-cache', ['depends', name]);
  const found = wanted.exec(stdout)?.[0];
  if (!found) throw new Error(`${name} depends on nothing like ${wanted.source}`);
  return found;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end('zPING\0'));
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
