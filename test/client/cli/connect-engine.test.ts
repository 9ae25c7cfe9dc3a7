import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectEngine, runLink } from '../../../client/cli/connect-engine.ts';
import { resolveEnvironment, type EnvironmentSettings } from '../../../infra/settings/environment-settings.ts';
import { acquireEmbeddedServer, type EmbeddedServer } from '../../../infra/temporal/embedded-server.ts';

let folder: string;
let server: EmbeddedServer;
/** Answers every connection and says nothing anybody could understand. */
let stranger: Server;
let strangerAddress: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acequia-engine-'));
  server = await acquireEmbeddedServer({ environmentFolder: folder, searchAttributes: [] });
  stranger = createServer((socket) => socket.on('error', () => undefined).end('220 not Temporal\r\n'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  strangerAddress = `127.0.0.1:${(stranger.address() as AddressInfo).port}`;
});

afterAll(async () => {
  stranger.close();
  await server.release();
  await rm(folder, { recursive: true, force: true });
});

/** Dev, with another default address than the one that may be in use on this machine. */
function dev(temporal: Partial<EnvironmentSettings['temporal']>): EnvironmentSettings {
  const settings = resolveEnvironment('dev', {}, folder);
  return { ...settings, temporal: { ...settings.temporal, ...temporal } };
}

const never = (): Promise<never> => Promise.reject(new Error('no embedded server was to be started'));
const embedded = () =>
  Promise.resolve({ address: server.address, uiUrl: server.uiUrl, shared: true, release: () => Promise.resolve() });

test('a server that a setting names is used', async () => {
  const engine = await connectEngine(dev({ address: server.address, explicit: true }), () => undefined, never);
  expect(engine).toMatchObject({ kind: 'named', address: server.address, namespace: 'default' });
  await engine.release();
});

test.each([
  ['is not there', () => '127.0.0.1:1'],
  ['is no Temporal server', () => strangerAddress],
])('a named server that %s ends the command with 6; nothing replaces it', async (_, address) => {
  await expect(
    connectEngine(dev({ address: address(), explicit: true }), () => undefined, embedded),
  ).rejects.toMatchObject({
    exitCode: 6,
    message: expect.stringContaining(address()) as string,
  });
});

test('a server at the default address is used, and said so', async () => {
  const said: string[] = [];
  const engine = await connectEngine(dev({ address: server.address }), (line) => said.push(line), never);
  expect(engine.kind).toBe('found');
  expect(said).toEqual([`using the Temporal server at ${server.address}`]);
  await engine.release();
});

test('a stranger at the default address is left alone', async () => {
  const said: string[] = [];
  const engine = await connectEngine(dev({ address: strangerAddress }), (line) => said.push(line), embedded);
  expect(engine).toMatchObject({ kind: 'embedded', address: server.address, uiUrl: server.uiUrl });
  expect(said.join()).toContain('no Temporal server');
  await engine.release();
});

test('where nothing answers, an embedded server is started, or the command ends with 6', async () => {
  const engine = await connectEngine(dev({ address: '127.0.0.1:1' }), () => undefined, embedded);
  expect(engine.kind).toBe('embedded');
  await engine.release();
  await expect(
    connectEngine(dev({ address: '127.0.0.1:1', embedded: false }), () => undefined, never),
  ).rejects.toMatchObject({
    exitCode: 6,
  });
});

test('a run’s page is below the Web UI; without one there is no link', () => {
  expect(runLink({ uiUrl: 'http://h:8233', namespace: 'default' }, 'sales-dev', 'r1')).toBe(
    'http://h:8233/namespaces/default/workflows/sales-dev/r1/history',
  );
  expect(runLink({ namespace: 'default' }, 'sales-dev', 'r1')).toBeUndefined();
});
