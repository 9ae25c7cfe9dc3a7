import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { answers } from '../../../infra/temporal/probe.ts';
import { isAlive } from '../../infra/support/processes.ts';
import { startTyped, type Typed } from './typed.ts';

/** A folder for the tests of a file, with an `ACEQUIA_HOME` below it. */
export interface Home {
  /** Absolute path of `ACEQUIA_HOME`. */
  readonly path: string;
  /** Where dev's `empresa.db` is published. */
  readonly database: string;
  /** A path below the folder, outside the home. */
  beside(name: string): string;
}

export function useHome(): Home {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'acequia-command-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return {
    get path() {
      return join(folder, 'home');
    },
    get database() {
      return databaseIn(join(folder, 'home'));
    },
    beside: (name) => join(folder, name),
  };
}

export function databaseIn(home: string): string {
  return join(home, 'dev', 'out', 'sales', 'empresa.db');
}

/** Keeps `acequia dev` up beside the tests of a file: commands then need no server and no worker of their own. */
export function useDev(home: Home): void {
  let dev: Typed | undefined;
  beforeAll(async () => {
    dev = startTyped(home.path, ['node', 'infra/setup/launch.mjs', 'dev', '--env', 'dev']);
    await dev.said('Ctrl-C stops everything');
  });
  afterAll(async () => {
    await dev?.interrupt();
  });
}

/** Neither a server nor its keeper, and neither of their ports, is left of a home's `dev`. */
export async function expectNothingLeft(home: string): Promise<void> {
  const record = JSON.parse(readFileSync(join(home, 'dev', 'server.json'), 'utf8')) as {
    readonly serverPid: number;
    readonly keeperPid: number;
    readonly ports: { readonly grpc: number; readonly ui: number };
  };
  expect([isAlive(record.serverPid), isAlive(record.keeperPid)]).toEqual([false, false]);
  const { grpc, ui } = record.ports;
  expect(await Promise.all([grpc, ui].map((port) => answers(`127.0.0.1:${port}`, 300)))).toEqual([false, false]);
}

/** The same, for a command that ends by itself in its own time. */
export async function untilNothingLeft(home: string): Promise<void> {
  const gone = (): Promise<boolean> =>
    expectNothingLeft(home).then(
      () => true,
      () => false,
    );
  await expect.poll(gone, { timeout: 20_000 }).toBe(true);
}

/** The bytes of a file, or nothing where there is none: to see that it was left alone. */
export function bytesOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path).toString('base64') : undefined;
}
