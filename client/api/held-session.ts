import { loadExtension } from '../../activities/duckdb/extensions.ts';
import { withSession, type Session } from '../../activities/duckdb/session.ts';

/** A session that stays open until it is closed. */
export interface HeldSession {
  readonly session: Session;
  close(): Promise<void>;
}

/** Opens a session that can read SQLite. @throws AcequiaError `ExtensionMissing` */
export function holdSession(): Promise<HeldSession> {
  return new Promise((resolve, reject) => {
    const done = withSession(undefined, async (session) => {
      await loadExtension(session, 'sqlite_scanner');
      await new Promise<void>((release) => {
        resolve({
          session,
          close: () => {
            release();
            return done;
          },
        });
      });
    });
    done.catch(reject);
  });
}
