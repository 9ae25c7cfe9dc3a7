import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { clamd } from '../../infra/setup/inventory.mjs';
import { freePort } from './free-port.ts';

/** The test file every scanner finds. In two halves: this source itself is no such file. */
export const EICAR = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''),
);

/** A real clamd with one signature, `Test.EICAR`, on a free port. It takes 1 MB at most. Ends with the test. */
export async function startClamd(): Promise<{ readonly address: string; readonly socket: string }> {
  const found = clamd();
  if (!found) throw new Error('clamd is missing: npm test gets it before it begins.');
  const { path: program, libraries } = found;
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

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end('zPING\0'));
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
