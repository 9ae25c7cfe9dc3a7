import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkSignature, fingerprint, signReceipt } from '../../../activities/receipt/signature.ts';
import { newKeys } from '../../support/keys.ts';

const { privateKey, publicKey } = newKeys();
const TEXT = '{\n  "version": 1,\n  "name": "España"\n}\n';
const signed = signReceipt(TEXT, privateKey);
const beside = JSON.stringify(signed);

test('it is an ed25519 signature over the bytes of the text, the same each time, with the public key as PEM', () => {
  expect(signed.algorithm).toBe('ed25519');
  expect(signed.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  expect(verify(null, Buffer.from(TEXT, 'utf8'), signed.publicKey, Buffer.from(signed.signature, 'base64'))).toBe(true);
  expect(signReceipt(TEXT, privateKey)).toEqual(signed);
  expect(beside).not.toContain('PRIVATE');
});

test('it is valid by the trusted key, and untrusted by any other', () => {
  const key = fingerprint(publicKey);
  expect(checkSignature(TEXT, beside, publicKey)).toEqual({ state: 'valid', key });
  expect(checkSignature(TEXT, beside, newKeys().publicKey)).toEqual({ state: 'untrusted', key });
  expect(checkSignature(TEXT, beside, undefined)).toEqual({ state: 'untrusted', key });
  expect(checkSignature(TEXT, undefined, publicKey)).toEqual({ state: 'none' });
});

describe('altered', () => {
  const other = signReceipt(TEXT, newKeys().privateKey);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });
  test.each([
    ['a cell of the receipt', TEXT.replace('1', '2'), beside],
    ['a blank at its end', `${TEXT} `, beside],
    ['the signature', TEXT, JSON.stringify({ ...signed, signature: other.signature })],
    ['the key, for one that is not its own', TEXT, JSON.stringify({ ...signed, publicKey: other.publicKey })],
    ['the kind of the key', TEXT, JSON.stringify({ ...signed, publicKey: rsa })],
    ['the algorithm', TEXT, JSON.stringify({ ...signed, algorithm: 'none' })],
    ['half of the signature, cut off', TEXT, beside.slice(0, 60)],
    ['everything in the signature', TEXT, 'null'],
  ])('%s', (_, text, signature) => {
    expect(checkSignature(text, signature, publicKey)).toMatchObject({ state: 'altered' });
  });

  test('signed again by somebody else it holds, but by a key that is not trusted', () => {
    const forged = TEXT.replace('1', '2');
    const again = JSON.stringify(signReceipt(forged, newKeys().privateKey));
    expect(checkSignature(forged, again, publicKey)).toMatchObject({ state: 'untrusted' });
  });
});
