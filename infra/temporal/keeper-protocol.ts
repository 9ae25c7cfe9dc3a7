import type { Socket } from 'node:net';

/**
 * What the keeper of an embedded server and its users say to each other, one JSON object a line. Being
 * connected *is* the use: a user that dies, however it dies, stops using the server.
 */

/** How the keeper is started: the one argument of its program, as JSON. */
export interface KeeperRequest {
  /** Real path of the folder that holds this environment's state. */
  readonly environmentFolder: string;
  /** Full path of the `temporal` program. */
  readonly temporal: string;
}

/** A user's first line: what the server has to offer before it counts as ready. */
export interface Hello {
  /** All of type Keyword. */
  readonly searchAttributes: readonly string[];
}

/** A user's last line. Who only drops the connection gets no answer. */
export interface Release {
  readonly release: true;
}

/** The server, as its users need to know it. */
export interface ServerFacts {
  readonly address: string;
  readonly uiUrl: string;
  /** Process id of the server, not of its keeper. */
  readonly pid: number;
  readonly dbFile: string;
}

export type FromKeeper =
  | { readonly ready: ServerFacts }
  | { readonly error: string }
  /** The answer to a release: the server is gone, or others still use it. */
  | { readonly released: 'stopped' | 'still in use' };

/** Sends one line. A peer that has gone meanwhile is no error: its absence shows as a closed connection. */
export function sendLine(socket: Socket, message: Hello | Release | FromKeeper, sent?: () => void): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`, () => sent?.());
  else sent?.();
}

/** Calls back for every complete line. */
export function onLine(socket: Socket, receive: (message: unknown) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (data: string) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) receive(JSON.parse(line));
  });
}
