import type { ServerReference } from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';
import type { Asking } from '../secrets/keeper.ts';
import { settingValue } from '../secrets/setting-value.ts';
import { connectionParts } from './connection.ts';

/**
 * The URL that leads to a database, which must never be logged, nor be part of a message: it may hold a password.
 *
 * @param place what people call it
 * @param variables the settings of the worker
 * @param signal ends waiting for who keeps a secret
 * @throws AcequiaError `SettingMissing`, `DefinitionInvalid`; those of a secret that the setting refers to
 */
export async function databaseUrl(
  { setting, url }: Pick<ServerReference, 'setting' | 'url'>,
  place: string,
  variables: Asking['variables'],
  signal?: AbortSignal,
): Promise<string> {
  const given = setting === undefined ? url : await settingValue(setting, { variables, ...(signal ? { signal } : {}) });
  if (!given) {
    throw new AcequiaError('SettingMissing', {
      what: `Nothing says where the database of ${place} is.`,
      where: 'environment variables of the worker',
      why: setting === undefined ? 'No setting and no URL is named.' : `The setting ${setting} is not set.`,
      remedy: `set ${setting ?? 'it'} to postgresql://user:password@host:5432/database, or to a secret:// that holds it, where the worker runs`,
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
