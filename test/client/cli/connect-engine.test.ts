import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
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

test('a call that waits for its next try ends when the connection is closed', async () => {
  const way = await wayTo(server.address);
  const engine = await connectEngine(dev({ address: way.address, explicit: true }), () => undefined, never);
  way.cut();
  const ended = engine.connection.workflowService.getSystemInfo({}).catch((error: unknown) => error);
  // Refused at once, it waits some 200 ms before the next try.
  await pause(100);
  await engine.release();
  // Were that try made, nobody could catch what it throws.
  expect(await ended).toMatchObject({ code: 1, details: 'the connection is closed' });
});

/** A way to a server that can be cut. */
async function wayTo(address: string): Promise<{ address: string; cut: () => void }> {
  const [host, port] = address.split(':');
  const sockets = new Set<Socket>();
  const proxy = createServer((socket) => {
    const onward = createConnection(Number(port), host);
    for (const one of [socket, onward]) sockets.add(one.on('error', () => undefined));
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  };
  return { address: `127.0.0.1:${(proxy.address() as AddressInfo).port}`, cut };
}

test('a run’s page is below the Web UI; without one there is no link', () => {
  expect(runLink({ uiUrl: 'http://h:8233', namespace: 'default' }, 'sales-dev', 'r1')).toBe(
    'http://h:8233/namespaces/default/workflows/sales-dev/r1/history',
  );
  expect(runLink({ namespace: 'default' }, 'sales-dev', 'r1')).toBeUndefined();
});
