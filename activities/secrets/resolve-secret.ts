import { AcequiaError } from '../failure/acequia-error.ts';
import { fromAws } from './aws.ts';
import { fromEnvironment } from './env.ts';
import { fromFile } from './file.ts';
import type { Asking, Keeper } from './keeper.ts';
import { secretMissing } from './problems.ts';
import { isSecretReference, parseSecretReference, type SecretReference } from './secret-reference.ts';

/** Who may be asked for a secret. */
const KEEPERS: ReadonlyMap<string, Keeper> = new Map([
  ['env', fromEnvironment],
  ['file', fromFile],
  ['aws', fromAws],
]);

/**
 * The secret that a reference leads to. It must not be logged, nor be part of a message, a plan or a result.
 *
 * @throws AcequiaError `DefinitionInvalid`, `SecretMissing`, `SecretDenied`, `SecretUnreachable`
 */
export async function resolveSecret(text: string, asking: Asking): Promise<string> {
  const reference = parseSecretReference(text);
  const keeper = KEEPERS.get(reference.keeper);
  if (!keeper) throw unknownKeeper(reference);
  const whole = await keeper(reference, asking);
  const secret = reference.member === undefined ? whole : memberOf(whole, reference.member, reference);
  if (secret === '') throw secretMissing(reference, 'It is empty.', 'put the secret there');
  if (isSecretReference(secret)) throw secretMissing(reference, 'It is itself a reference.', 'name what it leads to');
  return secret;
}

function memberOf(whole: string, member: string, reference: SecretReference): string {
  const found = parsed(whole)?.[member];
  if (typeof found === 'string') return found;
  if (typeof found === 'number') return String(found);
  const why = `It is no JSON object with a text as its member "${member}".`;
  throw secretMissing(reference, why, 'mend what stands behind the #, or leave it out');
}

/** No error of the parser gets out: it quotes what it reads. */
function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function unknownKeeper({ text, keeper }: SecretReference): AcequiaError {
  return new AcequiaError('DefinitionInvalid', {
    what: `Nobody keeps secrets under the name "${keeper}".`,
    where: text,
    why: `Who does: ${[...KEEPERS.keys()].join(', ')}.`,
    remedy: 'write secret://env/NAME, secret://file/absolute/path or secret://aws/name#key',
  });
}
