import type { DestinationPlace, ServerReference } from '../../../workflows/definition/index.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { connectionParts } from '../postgres/connection.ts';

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
  return { path, server: { url: urlOf(server, path, variables), schema: server.schema ?? 'public' } };
}

function urlOf(
  { setting, url }: ServerReference,
  place: string,
  variables: Readonly<Record<string, string | undefined>>,
): string {
  const given = setting === undefined ? url : variables[setting];
  if (!given) {
    throw new AcequiaError('SettingMissing', {
      what: `Nothing says where the database of ${place} is.`,
      where: 'environment variables of the worker',
      why: setting === undefined ? 'No setting and no URL is named.' : `The setting ${setting} is not set.`,
      remedy: `set ${setting ?? 'it'} to postgresql://user:password@host:5432/database, where the worker runs`,
    });
  }
  if (isSound(given)) return given;
  throw new AcequiaError('DefinitionInvalid', {
    what: `${setting === undefined ? 'The address' : `The setting ${setting}`} is no URL of a Postgres database.`,
    where: 'environment variables of the worker',
    remedy:
      'write it as postgresql://user:password@host:5432/database, with signs such as @ / : % in a name or password percent-encoded',
  });
}

function isSound(url: string): boolean {
  if (!/^postgres(?:ql)?:\/\/\S+$/i.test(url)) return false;
  try {
    connectionParts(url);
    return true;
  } catch {
    return false;
  }
}
