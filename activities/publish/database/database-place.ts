import type { DestinationPlace } from '../../../workflows/definition/index.ts';
import { databaseUrl } from '../../postgres/database-url.ts';

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
 * @throws AcequiaError `SettingMissing`, `DefinitionInvalid`
 */
export function databasePlace(
  { path, server }: Pick<DestinationPlace, 'path' | 'server'>,
  variables: Readonly<Record<string, string | undefined>>,
): DatabasePlace {
  if (!server) return { path };
  return { path, server: { url: databaseUrl(server, path, variables), schema: server.schema ?? 'public' } };
}
