import { hideSecret } from '../failure/mask.ts';
import type { Asking } from './keeper.ts';
import { resolveSecret } from './resolve-secret.ts';
import { isSecretReference } from './secret-reference.ts';

/**
 * The one place where a setting that may hold a secret is looked up to be used: by the stage that uses it, never by a plan.
 * Its value is what stands there, or what the reference there leads to (`secret://…`). `undefined` where it is not set.
 *
 * @throws AcequiaError `DefinitionInvalid`, `SecretMissing`, `SecretDenied`, `SecretUnreachable`
 */
export async function settingValue(setting: string, asking: Asking): Promise<string | undefined> {
  const given = asking.variables[setting];
  if (!given || !isSecretReference(given)) return given || undefined;
  const secret = await resolveSecret(given, asking);
  hideSecret(secret);
  return secret;
}
