import { findTemporal } from '../setup/inventory.mjs';
import { EmbeddedServerError, Hold } from '../keeper/hold.ts';
import { stateFolder } from '../keeper/state-folder.ts';
import type { DevServerFacts, DevServerRequest } from './kept-dev-server.ts';
import { logFile } from './server-record.ts';

const name = 'Temporal server';

export interface EmbeddedServerOptions {
  /** Where this environment keeps its state, `.acequia/dev`; made where missing. */
  readonly environmentFolder: string;
  /** Search attributes the server must know, all of type Keyword. */
  readonly searchAttributes: readonly string[];
  /** Told when the server is lost for good while in use. A server that is restarted is not lost. */
  readonly onLost?: (error: Error) => void;
}

/** A hold on the embedded server of an environment. */
export interface EmbeddedServer {
  /** `127.0.0.1:port` */
  readonly address: string;
  readonly uiUrl: string;
  readonly dbFile: string;
  /** It was up before: another process uses it too. */
  readonly shared: boolean;
  /** Lets go. Resolves when the server and its ports are gone, or at once where others still use it. */
  release(): Promise<void>;
}

/**
 * Gets hold of the embedded dev server of an environment, starting it where it is not up. It stays up while anybody holds
 * it, in whatever process, and stops when the last one lets go or dies. The hold does not keep this process alive.
 *
 * @throws EmbeddedServerError where it cannot be had
 */
export async function acquireEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const folder = stateFolder(options.environmentFolder, name);
  const hold = new Hold<DevServerFacts>({
    name,
    folder,
    wants: options.searchAttributes,
    keeper: () => ({
      name,
      program: 'infra/temporal/keeper.ts',
      request: { environmentFolder: folder, temporal: temporalProgram() } satisfies DevServerRequest,
      folder,
      log: logFile(folder),
    }),
    onLost: options.onLost,
  });
  const facts = await hold.enter();
  return {
    address: facts.address,
    uiUrl: facts.uiUrl,
    dbFile: facts.dbFile,
    shared: hold.shared,
    release: () => hold.release(),
  };
}

function temporalProgram(): string {
  const found = findTemporal();
  if (found) return found.path;
  throw new EmbeddedServerError(
    'the Temporal dev server (`temporal`) is neither on PATH nor in the cache; runs keep their state in it. ' +
      'Start commands with `npm run acequia -- …`, which provides it, or see `npm run acequia -- doctor`.',
  );
}
