import type { Socket } from 'node:net';
import { onLine, sendLine, type FromKeeper, type ServerFacts } from './keeper-protocol.ts';
import { connectToKeeper, keeperSocketPath } from './keeper-socket.ts';
import { startKeeper, type KeeperStart, type StartedKeeper } from './start-keeper.ts';

const acquireLimitMs = 45_000;
const releaseLimitMs = 10_000;
const pollMs = 5;

/** The embedded server could not be had; the message is for people. */
export class EmbeddedServerError extends Error {
  override readonly name = 'EmbeddedServerError';
}

export interface HoldOptions {
  /** For messages: `Temporal server`. */
  readonly name: string;
  /** Real path of the folder the server keeps its state in. */
  readonly folder: string;
  /** What the server has to offer before it counts as ready. */
  readonly wants: readonly string[];
  /** How to start its keeper; asked only where none is up. */
  readonly keeper: () => KeeperStart;
  /** Told when the server is lost for good while in use. A server that is restarted is not lost. */
  readonly onLost?: ((error: Error) => void) | undefined;
}

/**
 * A hold on an embedded server. It stays up while anybody holds it, in whatever process, and stops when the last one lets go
 * or dies. The hold does not keep this process alive.
 */
export class Hold<Facts extends ServerFacts> {
  /** The server was up before: another process uses it too. */
  shared = true;
  private socket: Socket | undefined;
  private facts: Facts | undefined;
  private comingBack: Promise<void> | undefined;
  private released: Promise<void> | undefined;

  constructor(private readonly options: HoldOptions) {}

  /** Connects to the keeper, starting one where there is none, and waits until the server is ready. */
  async enter(): Promise<Facts> {
    const { folder, name } = this.options;
    const socketPath = keeperSocketPath(folder);
    let keeper: StartedKeeper | undefined;
    let log = '';
    for (const deadline = Date.now() + acquireLimitMs; Date.now() < deadline;) {
      const socket = await connectToKeeper(socketPath);
      const facts = socket && (await this.greet(socket));
      if (facts) return facts;
      if (!socket && (!keeper || keeper.ended())) {
        keeper?.throwIfBroken();
        this.shared = false;
        const start = this.options.keeper();
        log = start.log;
        keeper = startKeeper(start);
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    throw new EmbeddedServerError(
      `the embedded ${name} of ${folder} did not come up within ${acquireLimitMs / 1000} s${log && `; its log is ${log}`}.`,
    );
  }

  /** Waits for the server's facts; undefined when the keeper went away instead (it was just stopping). */
  private greet(socket: Socket): Promise<Facts | undefined> {
    return new Promise((resolve, reject) => {
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        resolve(undefined);
        if (this.socket === socket && !this.released) this.comingBack = this.comeBack();
      });
      onLine(socket, (line) => {
        const message = line as FromKeeper<Facts>;
        if ('ready' in message) {
          this.socket = socket;
          this.facts = message.ready;
          socket.unref();
          resolve(message.ready);
        } else if ('error' in message) {
          const error = new EmbeddedServerError(message.error);
          if (this.socket === socket) this.lose(error);
          reject(error);
          socket.destroy();
        }
      });
      sendLine(socket, { wants: this.options.wants });
    });
  }

  /** The keeper was killed: have another one, which brings the server back on the same ports. */
  private async comeBack(): Promise<void> {
    const before = this.facts;
    this.socket = undefined;
    try {
      const { address } = await this.enter();
      if (address !== before?.address) {
        throw new EmbeddedServerError(
          `the embedded ${this.options.name} came back at ${address} instead of ${before?.address}.`,
        );
      }
    } catch (error) {
      this.lose(error as Error);
    }
  }

  private lose(error: Error): void {
    const { socket } = this;
    this.socket = undefined;
    socket?.destroy();
    this.options.onLost?.(error);
  }

  /** Lets go. Resolves when the server and its ports are gone, or at once where others still use it. */
  release(): Promise<void> {
    this.released ??= this.leave();
    return this.released;
  }

  private async leave(): Promise<void> {
    await this.comingBack;
    const { socket } = this;
    if (!socket || socket.destroyed) return;
    await new Promise<void>((resolve) => {
      // Where the keeper stops, the connection closes as its process ends: nothing at all is left then.
      socket.once('close', () => resolve());
      onLine(socket, (message) => {
        if ((message as { released?: string }).released === 'still in use') socket.destroy();
      });
      setTimeout(() => socket.destroy(), releaseLimitMs).unref();
      socket.ref();
      sendLine(socket, { release: true });
    });
  }
}
