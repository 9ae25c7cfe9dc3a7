import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { oneAtATime } from '../setup/one-at-a-time.mjs';

/**
 * The socket of a keeper. Named by a digest, because socket paths end at about 100 characters. In
 * `/tmp` and not where XDG_RUNTIME_DIR or TMPDIR point: a run started by cron and one started in a
 * terminal see different values of those, and must find the same keeper.
 * @param folder real path of the folder the server keeps its state in: one server a folder
 */
export function keeperSocketPath(folder: string): string {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\acequia-${name}`;
  return join(ownSocketFolder(), `${name}.sock`);
}

function ownSocketFolder(): string {
  const user = process.getuid?.() ?? 0;
  const folder = `/tmp/acequia-${user}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== user) {
    throw new Error(
      `${folder} is not a folder of yours (it belongs to user ${found.uid}). Embedded servers keep their sockets there, ` +
        'where nobody else may reach it. Remove it, or have its owner remove it, and run the same command again.',
    );
  }
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  return folder;
}

/** Connects to the keeper; undefined when nobody is there. */
export function connectToKeeper(socketPath: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const nobody = error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET';
      if (nobody) resolve(undefined);
      else reject(error);
    });
  });
}

/**
 * Opens the socket for the one keeper of its folder.
 * @returns false when a living keeper has it already
 */
export async function listenAlone(server: Server, socketPath: string): Promise<boolean> {
  if (process.platform === 'win32') return listen(server, socketPath);
  // Under the lock nobody else can come between finding the socket dead, removing it and opening a new one.
  return oneAtATime(
    `${socketPath}.lock`,
    async () => {
      const living = await connectToKeeper(socketPath);
      living?.destroy();
      if (living) return false;
      rmSync(socketPath, { force: true });
      return listen(server, socketPath);
    },
    { everyMs: 5 },
  );
}

function listen(server: Server, socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(socketPath, () => resolve(true));
  });
}
