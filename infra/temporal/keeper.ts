/**
 * The keeper of one environment's embedded Temporal server: a program of its own, started by the first command that
 * needs the server and shared by all. It stops the server and itself when the last of them has gone. It loads
 * nothing but Node's own modules, because every first command waits for it.
 */
import { createServer, type Socket } from 'node:net';
import { keeperSocketPath, listenAlone } from './keeper-socket.ts';
import { onLine, sendLine, type FromKeeper, type Hello, type KeeperRequest, type Release } from './keeper-protocol.ts';
import { bringUp, offer, type KeptServer } from './kept-server.ts';
import { Notice } from './notice.ts';

/** After a connection broke: somebody may be about to take over. After a release nobody is waited for. */
const graceMs = 300;
/** A keeper whose starter died before it connected. */
const firstUserMs = 5_000;
const restartsPerMinute = 5;

const request = JSON.parse(process.argv[2] ?? '{}') as KeeperRequest;
const users = new Map<Socket, readonly string[]>();
const leaving = new Set<Socket>();
const changed = new Notice();
let server: KeptServer | undefined;
let lastUserReleased = false;

async function keep(): Promise<void> {
  const door = createServer(welcome);
  if (!(await listenAlone(door, keeperSocketPath(request.environmentFolder)))) return;
  // Closing removes the socket file in the same step: the next keeper finds none, or opens its own.
  process.on('exit', () => door.close());
  await changed.within(firstUserMs, () => users.size > 0);
  // Whoever comes while the server is stopping gets a new one.
  while (users.size > 0) await serve();
}

/** Has a server up for as long as somebody uses it. */
async function serve(): Promise<void> {
  const deaths: number[] = [];
  let current = await bringUp(request, wantedAttributes());
  for (;;) {
    announce(current);
    const death = await Promise.race([current.process.ended, unused()]);
    if (death === undefined) break;
    server = undefined;
    deaths.push(Date.now());
    if (deaths.filter((time) => Date.now() - time < 60_000).length > restartsPerMinute) {
      throw new Error(
        `the embedded Temporal server ended ${deaths.length} times within a minute (the last time: ${death}).`,
      );
    }
    current = await bringUp(request, wantedAttributes(), current.ports);
  }
  server = undefined;
  await current.process.stop();
  await Promise.all([...leaving].map((socket) => farewell(socket, users.size > 0 ? 'still in use' : 'stopped')));
}

/** Resolves when nobody uses the server any more. */
async function unused(): Promise<undefined> {
  for (;;) {
    await changed.until(() => users.size === 0);
    if (lastUserReleased || !(await changed.within(graceMs, () => users.size > 0))) return undefined;
  }
}

function welcome(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.once('close', () => {
    leaving.delete(socket);
    if (!users.delete(socket)) return;
    lastUserReleased = false;
    changed.tell();
  });
  onLine(socket, (message) => {
    if ('release' in (message as Hello | Release)) release(socket);
    else void enter(socket, message as Hello);
  });
}

async function enter(socket: Socket, { searchAttributes }: Hello): Promise<void> {
  users.set(socket, searchAttributes);
  changed.tell();
  if (!server) return; // It will be announced when it is up.
  const current = server;
  try {
    await offer(request, current, searchAttributes);
    if (server === current) sendLine(socket, { ready: current.facts });
  } catch (error) {
    sendLine(socket, { error: (error as Error).message });
  }
}

function release(socket: Socket): void {
  if (!users.delete(socket)) return;
  if (users.size > 0) {
    void farewell(socket, 'still in use');
    return;
  }
  leaving.add(socket);
  lastUserReleased = true;
  changed.tell();
}

function announce(current: KeptServer): void {
  server = current;
  for (const socket of users.keys()) sendLine(socket, { ready: current.facts });
}

function farewell(socket: Socket, released: 'stopped' | 'still in use'): Promise<void> {
  const message: FromKeeper = { released };
  return new Promise((resolve) => sendLine(socket, message, resolve));
}

const wantedAttributes = () => [...new Set([...users.values()].flat())];

async function giveUp(error: unknown): Promise<never> {
  const message = error instanceof Error ? error.message : String(error);
  await Promise.all(
    [...users.keys(), ...leaving].map(
      (socket) => new Promise<void>((resolve) => sendLine(socket, { error: message }, resolve)),
    ),
  );
  console.error(new Date().toISOString(), error);
  process.exit(1);
}

// A terminal's Ctrl-C and its closing are for the commands; those then let go of the server.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('SIGTERM', () => void (server?.process.stop() ?? Promise.resolve()).finally(() => process.exit(0)));

keep().then(() => process.exit(0), giveUp);
