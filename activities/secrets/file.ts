import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { AcequiaError } from '../failure/acequia-error.ts';
import type { Keeper } from './keeper.ts';
import { secretDenied, secretMissing } from './problems.ts';
import type { SecretReference } from './secret-reference.ts';

/** Bytes; a larger file is no secret, but a mistake in the path. */
const LARGEST = 64 * 1024;

/** Who is neither the owner nor of the group. */
const OTHERS = 0o007;

/** `secret://file/run/secrets/shop`: the text of `/run/secrets/shop`, without the line's end at its own end. */
export const fromFile: Keeper = async (reference) => {
  const path = `/${reference.name}`;
  let file: FileHandle | undefined;
  try {
    // Not to wait for the other end of a pipe.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > LARGEST) throw noSecret(reference, path);
    if ((stat.mode & OTHERS) !== 0) throw openToOthers(reference, path);
    return (await file.readFile('utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw error instanceof AcequiaError ? error : unreadable(reference, path, error);
  } finally {
    await file?.close();
  }
};

function noSecret(reference: SecretReference, path: string): AcequiaError {
  const why = `${path} is no file, or one of more than 64 KB.`;
  return secretMissing(reference, why, 'name the file that holds nothing but the secret');
}

function openToOthers(reference: SecretReference, path: string): AcequiaError {
  const why = `Every user of the machine may open ${path}.`;
  return secretDenied(reference, why, `chmod o= ${path}   (a mount of Kubernetes or Docker: mode 0440)`);
}

function unreadable(reference: SecretReference, path: string, error: unknown): AcequiaError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const why = `${path} cannot be read (${code}).`;
  return code === 'EACCES' || code === 'EPERM'
    ? secretDenied(reference, why, 'give the user of the worker the right to read it')
    : secretMissing(
        reference,
        why,
        'put the file there, or mend the path; it counts from the root: secret://file/run/secrets/x',
      );
}
