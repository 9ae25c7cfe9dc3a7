import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';

/** A new pair of keys for receipts. */
export function newKeys(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('ed25519');
}

/** Writes a key as PEM, as openssl would; its path. */
export function writeKey(path: string, key: KeyObject): string {
  const pem =
    key.type === 'private' ? key.export({ type: 'pkcs8', format: 'pem' }) : key.export({ type: 'spki', format: 'pem' });
  writeFileSync(path, pem, { mode: 0o600 });
  return path;
}
