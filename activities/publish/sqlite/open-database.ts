import { constants } from 'node:fs';
import { access, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loadExtension } from '../../duckdb/extensions.ts';
import { literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { diskError } from '../../failure/disk.ts';

const MAGIC = 'SQLite format 3\0';

/** Attaches the database file as `destination` and makes it the default; folders are made where they are missing. */
export async function openDatabase(session: Session, path: string): Promise<void> {
  await requireDatabase(path);
  await loadExtension(session, 'sqlite_scanner');
  await session.run(`ATTACH ${literal(path)} AS destination (TYPE sqlite)`);
  await session.run('USE destination');
}

/** The place must be free, or hold a SQLite database that can be written. */
async function requireDatabase(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const found = await stat(path).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found && !found.isFile()) throw notADatabase(path, found.isDirectory() ? 'a folder' : 'no regular file');
    if (!found) {
      await access(dirname(path), constants.W_OK);
      return;
    }
    const handle = await open(path, 'r+');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
      if (bytesRead > 0 && buffer.toString('latin1', 0, bytesRead) !== MAGIC)
        throw notADatabase(path, 'a file of another kind');
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unwritable(error, path);
  }
}

function notADatabase(path: string, found: string): AcequiaError {
  return new AcequiaError('DestinationUnwritable', {
    what: `The destination is to be a SQLite database, and there is ${found}.`,
    where: path,
    why: 'Nothing was written, so that nothing of yours is lost.',
    remedy: 'move it away, or give the destination another path in pipeline.ts',
  });
}

/** Words for what SQLite or the file system says of a database that cannot be written. */
export function unwritable(error: unknown, path: string): unknown {
  if (error instanceof AcequiaError) return error;
  const disk = diskError(error, path);
  if (disk instanceof AcequiaError && disk.type !== 'PlaceUnusable') return disk;
  const message = error instanceof Error ? error.message : String(error);
  if (/database is locked|database table is locked|SQLITE_BUSY/i.test(message)) {
    return new AcequiaError('DestinationBusy', {
      what: 'The database is locked by another process.',
      where: path,
      remedy: 'close the program that writes to it; publishing is tried again by itself',
      cause: error,
    });
  }
  if (
    /readonly database|disk i\/o error|unable to open database|not a directory|ENOTDIR|EEXIST|ENAMETOOLONG/i.test(
      message,
    )
  ) {
    return new AcequiaError('DestinationUnwritable', {
      what: 'The database cannot be written.',
      where: path,
      why: message.split('\n')[0] ?? message,
      remedy: 'make the file and its folder writable, or choose another place with ACEQUIA_OUT',
      cause: error,
    });
  }
  return error;
}
