import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll } from 'vitest';

/** What the proxy does with a request: hands it on, gives an answer of its own, or hands on and spoils a byte of the answer. */
export type Meddling = 'pass' | 'spoil' | { readonly status: number; readonly body: string };

/**
 * A fake: it stands in front of a real server, and does what no real one can be asked to do, such as asking to slow down.
 * To be called while a test file is loaded; ends with the file.
 * @param meddle hears of each request, `PUT /bucket/key`
 */
export async function startFakeProxy(
  target: string,
  meddle: (request: string) => Meddling,
): Promise<{ readonly url: string }> {
  const server = createServer((incoming, outgoing) => {
    const what = meddle(`${incoming.method} ${incoming.url}`);
    if (typeof what === 'object') {
      incoming.resume();
      outgoing.writeHead(what.status, {
        'content-type': what.body.startsWith('{') ? 'application/json' : 'application/xml',
      });
      outgoing.end(what.body);
    } else handOn(target, incoming, outgoing, what === 'spoil');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}` };
}

function handOn(target: string, incoming: IncomingMessage, outgoing: ServerResponse, spoil: boolean): void {
  const { hostname, port } = new URL(target);
  const { method, url: path, headers } = incoming;
  const onward = request({ hostname, port, method, path, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.on('data', (piece: Buffer) => {
      if (spoil && piece.length > 0) piece[0]! ^= 1;
      outgoing.write(piece);
    });
    answer.on('end', () => outgoing.end());
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
