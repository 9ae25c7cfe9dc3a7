import type { ServerFacts } from './keeper-protocol.ts';

/** A server in working order, with what its users need to know. */
export interface KeptServer {
  readonly facts: ServerFacts;
  /** Resolves when the process is gone, whoever ended it; how, in words. */
  readonly ended: Promise<string>;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

/** A kind of server, as its keeper sees it. */
export interface ServerKind<Server extends KeptServer> {
  /** For messages: `Temporal server`. */
  readonly name: string;
  /** Real path of the folder the server keeps its state in. There is one keeper a folder. */
  readonly folder: string;
  /**
   * Brings the server up, at the address it had before if that is free.
   * @param wants what it has to offer before it counts as ready
   * @param before the server that has just ended while in use: its users know its address, and no other will do
   */
  bringUp(wants: readonly string[], before?: Server): Promise<Server>;
  /** Adds what a further user needs and the server lacks. */
  offer(server: Server, wants: readonly string[]): Promise<void>;
}
