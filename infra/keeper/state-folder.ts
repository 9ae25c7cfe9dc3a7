import { accessSync, constants, mkdirSync, realpathSync } from 'node:fs';
import { EmbeddedServerError } from './hold.ts';

/**
 * Makes the folder in which a server keeps its state, where it is missing, and returns its real path: by that the keeper's
 * socket is named. `name` is for messages: `Temporal server`.
 */
export function stateFolder(folder: string, name: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return realpathSync(folder);
  } catch (error) {
    throw new EmbeddedServerError(
      `the embedded ${name} cannot keep its database in ${folder}: ${(error as Error).message}.\n` +
        'Make that folder writable for you, or set ACEQUIA_HOME to one that is.',
    );
  }
}
