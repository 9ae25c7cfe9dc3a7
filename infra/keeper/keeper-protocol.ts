import type { Socket } from 'node:net';

/**
 * What the keeper of an embedded server and its users say to each other, one JSON object a line. Being
 * connected *is* the use: a user that dies, however it dies, stops using the server.
 */

/** A user's first line. */
export interface Hello {
  /** What the server has to offer before it counts as ready: what that is, its kind says. */
  readonly wants: readonly string[];
}

/** A user's last line. Who only drops the connection gets no answer. */
export interface Release {
  readonly release: true;
}

/** The server, as its users need to know it; each kind of server adds its own. */
export interface ServerFacts {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Process id of the server, not of its keeper. */
  readonly pid: number;
}

export type FromKeeper<Facts extends ServerFacts = ServerFacts> =
  | { readonly ready: Facts }
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
