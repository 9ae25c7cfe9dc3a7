import type { DestinationPlace } from '../../../workflows/definition/index.ts';
import { databaseUrl } from '../../postgres/database-url.ts';
import type { Asking } from '../../secrets/keeper.ts';

/** Where a database is, with what leads to it. Never logged, never part of a message: the URL may hold a password. */
export interface DatabasePlace {
  /** Absolute path of the file or folder; of a server, what people call it. */
  readonly path: string;
  readonly server?: { readonly url: string; readonly schema: string };
}

/**
 * Looks up what leads to a destination.
 *
 * @param variables the settings of the worker
 * @param signal ends waiting for who keeps a secret
 * @throws AcequiaError `SettingMissing`, `DefinitionInvalid`; those of a secret that the setting refers to
 */
export async function databasePlace(
  { path, server }: Pick<DestinationPlace, 'path' | 'server'>,
  variables: Asking['variables'],
  signal?: AbortSignal,
): Promise<DatabasePlace> {
  if (!server) return { path };
  return {
    path,
    server: { url: await databaseUrl(server, path, variables, signal), schema: server.schema ?? 'public' },
  };
}
