import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { ReceiptSignature } from '../../workflows/receipt.ts';

/**
 * What a signature says of a receipt. `valid`: it holds, by the key that is trusted. `untrusted`: it holds, by another key
 * than that, or nobody said which to trust. `altered`: it does not hold for these bytes.
 */
export type SignatureCheck =
  | { readonly state: 'none' }
  | { readonly state: 'valid' | 'untrusted'; /** `fingerprint` of the key it holds by. */ readonly key: string }
  | { readonly state: 'altered'; /** One sentence. */ readonly why: string };

/** Signs the text of a receipt as UTF-8. `key`: ed25519, private. The same text and key give the same signature. */
export function signReceipt(text: string, key: KeyObject): ReceiptSignature {
  return {
    algorithm: 'ed25519',
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string,
    signature: sign(null, Buffer.from(text), key).toString('base64'),
  };
}

/**
 * Holds a receipt against the signature beside it.
 *
 * @param text the receipt as it was read: what is checked is what is then shown
 * @param signature the text of the signature; `undefined` where there is none
 * @param trusted public; `undefined` where nobody said whom to trust
 */
export function checkSignature(
  text: string,
  signature: string | undefined,
  trusted: KeyObject | undefined,
): SignatureCheck {
  if (signature === undefined) return { state: 'none' };
  const read = readSignature(signature);
  if (!read) return { state: 'altered', why: 'What lies beside it is no signature of a receipt.' };
  const { key, bytes } = read;
  if (!verify(null, Buffer.from(text), key, bytes)) {
    return { state: 'altered', why: `Its bytes are not those that were signed with the key ${fingerprint(key)}.` };
  }
  return { state: trusted?.equals(key) ? 'valid' : 'untrusted', key: fingerprint(key) };
}

/** A public key in few characters, for people to compare: the beginning of the SHA-256 of its SPKI form. */
export function fingerprint(key: KeyObject): string {
  const spki = key.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(spki).digest('hex').slice(0, 16)}`;
}

function readSignature(text: string): { readonly key: KeyObject; readonly bytes: Buffer } | undefined {
  try {
    const { algorithm, publicKey, signature } = JSON.parse(text) as ReceiptSignature;
    const key = createPublicKey(publicKey);
    const known = (algorithm as string) === 'ed25519' && key.asymmetricKeyType === 'ed25519';
    return known ? { key, bytes: Buffer.from(signature, 'base64') } : undefined;
  } catch {
    return undefined;
  }
}
