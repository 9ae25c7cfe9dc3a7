import { accessSync, constants, mkdirSync, realpathSync } from 'node:fs';
import type { Socket } from 'node:net';
import { findTemporal } from '../setup/inventory.mjs';
import { onLine, sendLine, type FromKeeper, type ServerFacts } from './keeper-protocol.ts';
import { connectToKeeper, keeperSocketPath } from './keeper-socket.ts';
import { startKeeper } from './start-keeper.ts';

const acquireLimitMs = 45_000;
const releaseLimitMs = 10_000;
const pollMs = 5;

export interface EmbeddedServerOptions {
  /** Where this environment keeps its state, `.acequia/dev`; made where missing. */
  readonly environmentFolder: string;
  /** Search attributes the server must know, all of type Keyword. */
  readonly searchAttributes: readonly string[];
  /** Told when the server is lost for good while in use. A server that is restarted is not lost. */
  readonly onLost?: (error: Error) => void;
}

/** A hold on the embedded server of an environment. */
export interface EmbeddedServer {
  /** `127.0.0.1:port` */
  readonly address: string;
  readonly uiUrl: string;
  readonly dbFile: string;
  /** It was up before: another process uses it too. */
  readonly shared: boolean;
  /** Lets go. Resolves when the server and its ports are gone, or at once where others still use it. */
  release(): Promise<void>;
}

/** The embedded server could not be had; the message is for people. */
export class EmbeddedServerError extends Error {
  override readonly name = 'EmbeddedServerError';
}

/**
 * Gets hold of the embedded dev server of an environment, starting it where it is not up. It stays up while anybody holds
 * it, in whatever process, and stops when the last one lets go or dies. The hold does not keep this process alive.
 */
export async function acquireEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const environmentFolder = writableFolder(options.environmentFolder);
  const hold = new Hold({ ...options, environmentFolder });
  const facts = await hold.enter();
  return {
    address: facts.address,
    uiUrl: facts.uiUrl,
    dbFile: facts.dbFile,
    shared: hold.shared,
    release: () => hold.release(),
  };
}

class Hold {
  shared = true;
  private socket: Socket | undefined;
  private facts: ServerFacts | undefined;
  private comingBack: Promise<void> | undefined;
  private released: Promise<void> | undefined;

  constructor(private readonly options: EmbeddedServerOptions) {}

  /** Connects to the keeper, starting one where there is none, and waits until the server is ready. */
  async enter(): Promise<ServerFacts> {
    const { environmentFolder } = this.options;
    const socketPath = keeperSocketPath(environmentFolder);
    let keeper: ReturnType<typeof startKeeper> | undefined;
    for (const deadline = Date.now() + acquireLimitMs; Date.now() < deadline;) {
      const socket = await connectToKeeper(socketPath);
      const facts = socket && (await this.greet(socket));
      if (facts) return facts;
      if (!socket && (!keeper || keeper.ended())) {
        keeper?.throwIfBroken();
        this.shared = false;
        keeper = startKeeper({ environmentFolder, temporal: temporalProgram() });
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    throw new EmbeddedServerError(
      `the embedded Temporal server of ${environmentFolder} did not come up within ${acquireLimitMs / 1000} s; its log is temporal.log there.`,
    );
  }

  /** Waits for the server's facts; undefined when the keeper went away instead (it was just stopping). */
  private greet(socket: Socket): Promise<ServerFacts | undefined> {
    return new Promise((resolve, reject) => {
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        resolve(undefined);
        if (this.socket === socket && !this.released) this.comingBack = this.comeBack();
      });
      onLine(socket, (line) => {
        const message = line as FromKeeper;
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
      sendLine(socket, { searchAttributes: this.options.searchAttributes });
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
          `the embedded Temporal server came back at ${address} instead of ${before?.address}.`,
        );
      }
    } catch (error) {
      this.lose(error as Error);
    }
  }

  private lose(error: Error): void {
    this.socket = undefined;
    this.options.onLost?.(error);
  }

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

function writableFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return realpathSync(folder);
  } catch (error) {
    throw new EmbeddedServerError(
      `the embedded Temporal server cannot keep its database in ${folder}: ${(error as Error).message}. ` +
        'Make that folder writable for you, or set ACEQUIA_HOME to one that is.',
    );
  }
}

function temporalProgram(): string {
  const found = findTemporal();
  if (found) return found.path;
  throw new EmbeddedServerError(
    'the Temporal dev server (`temporal`) is neither on PATH nor in the cache; runs keep their state in it. ' +
      'Start commands with `npm run acequia -- …`, which provides it, or see `npm run acequia -- doctor`.',
  );
}
