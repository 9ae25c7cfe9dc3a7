import { isDigit, MINUS, PLUS, POINT, ZERO } from './bytes.ts';

/** The end of the number that begins at `p` as RFC 8259 writes numbers; -1: none does. What stands behind is not looked at. */
export function numberEnd(bytes: Uint8Array, from: number): number {
  let p = from;
  if (bytes[p] === MINUS) p += 1;
  if (bytes[p] === ZERO) p += 1;
  else if (isDigit(bytes[p])) p = digitsEnd(bytes, p);
  else return -1;
  if (bytes[p] === POINT) {
    p += 1;
    if (!isDigit(bytes[p])) return -1;
    p = digitsEnd(bytes, p);
  }
  if ((bytes[p]! | 0x20) === 0x65) {
    p += 1;
    if (bytes[p] === PLUS || bytes[p] === MINUS) p += 1;
    if (!isDigit(bytes[p])) return -1;
    p = digitsEnd(bytes, p);
  }
  return p;
}

function digitsEnd(bytes: Uint8Array, from: number): number {
  let p = from + 1;
  while (isDigit(bytes[p])) p += 1;
  return p;
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

/** The end of `true`, `false` or `null` at `p`; -1: none stands there. */
export function literalEnd(bytes: Uint8Array, p: number): number {
  const word = bytes[p] === 0x74 ? TRUE : bytes[p] === 0x66 ? FALSE : NULL;
  for (let i = 0; i < word.length; i += 1) if (bytes[p + i] !== word[i]) return -1;
  return p + word.length;
}
