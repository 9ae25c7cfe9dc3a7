import { AcequiaError, type FailureType } from '../failure/acequia-error.ts';
import type { SecretReference } from './secret-reference.ts';

/** There is no such secret, or nothing in it. */
export function secretMissing(reference: SecretReference, why: string, remedy: string): AcequiaError {
  return problem('SecretMissing', 'A setting names a secret that is not there.', reference, why, remedy);
}

/** It may not be read, or may be read by too many. */
export function secretDenied(reference: SecretReference, why: string, remedy: string): AcequiaError {
  return problem('SecretDenied', 'A setting names a secret that may not be read.', reference, why, remedy);
}

/** Who keeps it does not answer; that may pass. */
export function secretUnreachable(reference: SecretReference, why: string, remedy: string): AcequiaError {
  return problem('SecretUnreachable', 'What keeps a secret cannot be reached.', reference, why, remedy);
}

/** No `cause`: messages of whoever keeps secrets may hold one. */
function problem(
  type: FailureType,
  what: string,
  { text }: SecretReference,
  why: string,
  remedy: string,
): AcequiaError {
  return new AcequiaError(type, { what, where: text, why, remedy });
}
