import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import { EmbeddedServerError, Hold } from '../keeper/hold.ts';
import type { ServerFacts } from '../keeper/keeper-protocol.ts';
import { stateFolder } from '../keeper/state-folder.ts';
import { logFile, ownerName, postgresFolder, readPassword } from './cluster-record.ts';
import { ensureDatabase } from './fill-database.ts';
import type { PostgresRequest } from './kept-postgres.ts';
import { postgresPrograms } from './programs.ts';

const name = 'Postgres';
/** The rest of what Postgres takes of a name is for the one it has while it is being filled. */
const databaseName = /^[a-z][a-z0-9_]{0,50}$/;

/** The databases of an environment's embedded Postgres. */
export interface EmbeddedDatabases {
  /**
   * The URL of a database, `postgresql://…@127.0.0.1:…/name`, whose user owns it. The server is brought up where it is not,
   * and the database is made by running a file of SQL where it is not there yet: whole or not at all, and once. A later
   * change of the file does not change it.
   * @param database lower-case letters, digits and `_`, up to 51
   * @param sqlFile full path of plain SQL
   * @throws AcequiaError where there is no server to be had, or its SQL does not run; the signal's reason
   */
  url(database: string, sqlFile: string, signal?: AbortSignal): Promise<string>;
  /** Lets go of the server; it stops when nobody uses it any more, in whatever process. A later `url` takes hold anew. */
  release(): Promise<void>;
}

interface Held {
  readonly hold: Hold<ServerFacts>;
  readonly urlOf: (database: string) => string;
}

/**
 * The embedded Postgres of an environment: one server for all processes that use it, with its data in
 * `<environmentFolder>/postgres`. Run by root it works as the user `nobody`, and has its data in
 * `/var/tmp/acequia-postgres-<digest>` where that user cannot pass to the environment's folder. It listens on 127.0.0.1 alone,
 * asks for a password of its own that lies in the environment's folder, and takes the same port again where that is free. To
 * have the databases made anew, remove the folder while no process uses them.
 *
 * Nothing is started before the first `url`. The hold does not keep this process alive, and goes with it, however it ends.
 */
export function embeddedDatabases(environmentFolder: string): EmbeddedDatabases {
  let held: Promise<Held> | undefined;
  const letGo = (): void => void (held = undefined);
  const holdServer = (): Promise<Held> => {
    if (held) return held;
    const taking = acquire(environmentFolder, letGo);
    held = taking;
    // What failed is tried again by the next one who asks.
    taking.catch(() => (held = held === taking ? undefined : held));
    return taking;
  };
  return {
    url: async (database, sqlFile, signal) => {
      if (!databaseName.test(database)) throw new TypeError(`${database} is no name for an embedded database`);
      signal?.throwIfAborted();
      try {
        const { urlOf } = await orAbort(holdServer(), signal);
        await ensureDatabase(urlOf, database, sqlFile, signal);
        return urlOf(database);
      } catch (error) {
        signal?.throwIfAborted();
        throw problem(error, environmentFolder);
      }
    },
    release: async () => {
      const holding = held;
      held = undefined;
      const taken = await holding?.catch(() => undefined);
      await taken?.hold.release();
    },
  };
}

async function acquire(environmentFolder: string, onLost: () => void): Promise<Held> {
  const folder = postgresFolder(stateFolder(environmentFolder, name));
  stateFolder(folder, name);
  const hold = new Hold<ServerFacts>({
    name,
    folder,
    wants: [],
    keeper: () => ({
      name,
      program: 'infra/postgres/keeper.ts',
      request: { folder, programs: postgresPrograms() } satisfies PostgresRequest,
      folder,
      log: logFile(folder),
    }),
    onLost,
  });
  const { address } = await hold.enter();
  const password = readPassword(folder);
  return { hold, urlOf: (database) => `postgresql://${ownerName}:${password}@${address}/${database}` };
}

/** The server goes on coming up for the others who wait for it. */
function orAbort<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** An error of the server as one for people: the last line of its message says what to do. */
function problem(cause: unknown, environmentFolder: string): unknown {
  if (cause instanceof AcequiaError || !(cause instanceof Error)) return cause;
  const lines = cause.message.split('\n');
  const remedy = lines.length > 1 ? lines.pop() : undefined;
  const log = logFile(postgresFolder(environmentFolder));
  return new AcequiaError(/disk is full/i.test(cause.message) ? 'DiskFull' : 'SourceUnreadable', {
    what:
      cause instanceof EmbeddedServerError
        ? 'The embedded Postgres cannot be had.'
        : 'The embedded Postgres did not do what it was asked.',
    where: postgresFolder(environmentFolder),
    why: lines.join('\n'),
    remedy:
      remedy ?? `see ${log} and run the same command again; or name a Postgres of yours in the setting for its URL`,
    cause,
  });
}
