import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * Settings that are the path of a PEM file with an ed25519 key, and become that key.
 *
 * @param resolve makes a path absolute
 */
export function privateKeyFile(resolve: (path: string) => string) {
  return keyFile(resolve, createPrivateKey, 'an ed25519 private key in PEM (PKCS#8), without a passphrase,');
}

/** The same for a public key; of a private one its public half is taken. */
export function publicKeyFile(resolve: (path: string) => string) {
  return keyFile(resolve, createPublicKey, 'an ed25519 public key in PEM (SPKI)');
}

function keyFile(resolve: (path: string) => string, parse: (pem: Buffer) => KeyObject, expected: string) {
  return z.string().transform((typed, context) => {
    const refuse = (problem: string): never => {
      context.addIssue(`${problem}; a file with ${expected} is expected`);
      return z.NEVER;
    };
    const path = resolve(typed);
    let pem: Buffer;
    try {
      pem = readFileSync(path);
    } catch (error) {
      return refuse(`"${path}" cannot be read (${codeOf(error)})`);
    }
    try {
      const key = parse(pem);
      const kind = key.asymmetricKeyType ?? key.type;
      return kind === 'ed25519' ? key : refuse(`"${path}" holds a key of the kind ${kind}`);
    } catch {
      return refuse(`"${path}" holds no such key`);
    }
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
