import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loadExtension } from '../../../activities/duckdb/extensions.ts';
import { literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../activities/duckdb/session.ts';

/** A lock on a SQLite file as a program holds it that has begun to write. */
export interface HeldLock {
  release(): Promise<void>;
}

/** Takes the lock; the file and its folder are made where they are missing. Publishing waits until it is released. */
export async function holdLock(path: string): Promise<HeldLock> {
  await mkdir(dirname(path), { recursive: true });
  return new Promise((resolve, reject) => {
    const done = withSession(undefined, async (session) => {
      await loadExtension(session, 'sqlite_scanner');
      await session.run(`ATTACH ${literal(path)} AS held (TYPE sqlite)`);
      await session.run('BEGIN TRANSACTION');
      await session.run('CREATE TABLE held.writing (n BIGINT)');
      await new Promise<void>((letGo) => {
        resolve({
          release: () => {
            letGo();
            return done;
          },
        });
      });
      await session.run('ROLLBACK');
    });
    done.catch(reject);
  });
}
