import { createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A fake of clamd for what the real one does only when it is ill. `behave` gets each connection. Ends with the test.
 * Returns its address.
 */
export async function startFakeClamd(behave: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    // Whom it hangs up on goes on sending for a while.
    socket.on('error', () => undefined);
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `127.0.0.1:${address.port}`;
}
