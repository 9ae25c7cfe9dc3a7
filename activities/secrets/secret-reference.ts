import { AcequiaError } from '../failure/acequia-error.ts';

/** Where a secret is kept, as a setting says it: `secret://aws/prod/shop#password`. It may be shown; what it leads to may not. */
export interface SecretReference {
  /** As it was written. */
  readonly text: string;
  /** Who keeps it: `env`, `file`, `aws`. */
  readonly keeper: string;
  /** What its keeper calls it: `prod/shop`. */
  readonly name: string;
  /** The member of it that is meant, where it is a JSON object. */
  readonly member?: string;
}

const PREFIX = 'secret://';

export function isSecretReference(value: string): boolean {
  return value.startsWith(PREFIX);
}

/** @throws AcequiaError `DefinitionInvalid` */
export function parseSecretReference(text: string): SecretReference {
  const [, keeper, name, member] = /^secret:\/\/([^/#\s]+)\/([^#]+?)(?:#(.+))?$/.exec(text) ?? [];
  if (keeper && name) return { text, keeper, name, ...(member === undefined ? {} : { member }) };
  throw new AcequiaError('DefinitionInvalid', {
    what: `"${text}" does not say where a secret is.`,
    where: 'environment variables of the worker',
    remedy: 'write secret://env/NAME, secret://file/absolute/path or secret://aws/name#key',
  });
}
