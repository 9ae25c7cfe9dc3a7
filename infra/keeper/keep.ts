import { createServer, type Socket } from 'node:net';
import { keeperSocketPath, listenAlone } from './keeper-socket.ts';
import { onLine, sendLine, type FromKeeper, type Hello, type Release } from './keeper-protocol.ts';
import type { KeptServer, ServerKind } from './kept-server.ts';
import { Notice } from './notice.ts';

/** After a connection broke: somebody may be about to take over. After a release nobody is waited for. */
const graceMs = 300;
/** A keeper whose starter died before it connected. */
const firstUserMs = 5_000;
const restartsPerMinute = 5;

/**
 * The keeper of one embedded server: the whole of a program of its own, started by the first process that needs the server
 * and shared by all. It stops the server and itself when the last of them has gone. It loads nothing but Node's own
 * modules, because every first command waits for it.
 */
export function runKeeper<Server extends KeptServer>(kind: ServerKind<Server>): void {
  const keeper = new Keeper(kind);
  // A terminal's Ctrl-C and its closing are for the commands; those then let go of the server.
  process.on('SIGINT', () => {});
  process.on('SIGHUP', () => {});
  process.on('SIGTERM', () => void keeper.stopServer().finally(() => process.exit(0)));
  keeper.keep().then(
    () => process.exit(0),
    (error: unknown) => keeper.giveUp(error),
  );
}

class Keeper<Server extends KeptServer> {
  private readonly users = new Map<Socket, readonly string[]>();
  private readonly leaving = new Set<Socket>();
  private readonly changed = new Notice();
  private server: Server | undefined;
  private lastUserReleased = false;

  constructor(private readonly kind: ServerKind<Server>) {}

  async keep(): Promise<void> {
    const door = createServer((socket) => this.welcome(socket));
    if (!(await listenAlone(door, keeperSocketPath(this.kind.folder)))) return;
    // Closing removes the socket file in the same step: the next keeper finds none, or opens its own.
    process.on('exit', () => door.close());
    await this.changed.within(firstUserMs, () => this.users.size > 0);
    // Whoever comes while the server is stopping gets a new one.
    while (this.users.size > 0) await this.serve();
  }

  /** Has a server up for as long as somebody uses it. */
  private async serve(): Promise<void> {
    const deaths: number[] = [];
    let current = await this.kind.bringUp(this.wanted());
    for (;;) {
      this.announce(current);
      const death = await Promise.race([current.ended, this.unused()]);
      if (death === undefined) break;
      this.server = undefined;
      deaths.push(Date.now());
      if (deaths.filter((time) => Date.now() - time < 60_000).length > restartsPerMinute) {
        throw new Error(
          `the embedded ${this.kind.name} ended ${deaths.length} times within a minute (the last time: ${death}).`,
        );
      }
      current = await this.kind.bringUp(this.wanted(), current);
    }
    this.server = undefined;
    await current.stop();
    await Promise.all([...this.leaving].map((socket) => farewell(socket, this.users.size > 0)));
  }

  /** Resolves when nobody uses the server any more. */
  private async unused(): Promise<undefined> {
    for (;;) {
      await this.changed.until(() => this.users.size === 0);
      if (this.lastUserReleased || !(await this.changed.within(graceMs, () => this.users.size > 0))) return undefined;
    }
  }

  private welcome(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.leaving.delete(socket);
      if (!this.users.delete(socket)) return;
      this.lastUserReleased = false;
      this.changed.tell();
    });
    onLine(socket, (message) => {
      if ('release' in (message as Hello | Release)) this.release(socket);
      else void this.enter(socket, message as Hello);
    });
  }

  private async enter(socket: Socket, { wants }: Hello): Promise<void> {
    this.users.set(socket, wants);
    this.changed.tell();
    if (!this.server) return; // It will be announced when it is up.
    const current = this.server;
    try {
      await this.kind.offer(current, wants);
      if (this.server === current) sendLine(socket, { ready: current.facts });
    } catch (error) {
      sendLine(socket, { error: (error as Error).message });
    }
  }

  private release(socket: Socket): void {
    if (!this.users.delete(socket)) return;
    if (this.users.size > 0) {
      void farewell(socket, true);
      return;
    }
    this.leaving.add(socket);
    this.lastUserReleased = true;
    this.changed.tell();
  }

  private announce(current: Server): void {
    this.server = current;
    for (const socket of this.users.keys()) sendLine(socket, { ready: current.facts });
  }

  private wanted(): readonly string[] {
    return [...new Set([...this.users.values()].flat())];
  }

  /** Stops the server at once, whoever uses it. */
  stopServer(): Promise<void> {
    return this.server?.stop() ?? Promise.resolve();
  }

  /** Tells everybody why there is no server, and ends this process. */
  async giveUp(error: unknown): Promise<never> {
    const message = error instanceof Error ? error.message : String(error);
    await Promise.all(
      [...this.users.keys(), ...this.leaving].map(
        (socket) => new Promise<void>((resolve) => sendLine(socket, { error: message }, resolve)),
      ),
    );
    console.error(new Date().toISOString(), error);
    process.exit(1);
  }
}

function farewell(socket: Socket, stillInUse: boolean): Promise<void> {
  const message: FromKeeper = { released: stillInUse ? 'still in use' : 'stopped' };
  return new Promise((resolve) => sendLine(socket, message, resolve));
}
