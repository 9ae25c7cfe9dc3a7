import { isUtf8 } from 'node:buffer';

/** The encodings of text that are read. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'iso-8859-1';

export type WideEncoding = 'utf-16le' | 'utf-16be';

const ALIASES: Readonly<Record<string, Encoding | 'utf-16'>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  ascii: 'utf-8',
  'us-ascii': 'utf-8',
  'utf-8-sig': 'utf-8',
  'utf-16': 'utf-16',
  utf16: 'utf-16',
  'utf-16le': 'utf-16le',
  utf16le: 'utf-16le',
  'utf-16be': 'utf-16be',
  utf16be: 'utf-16be',
  'windows-1252': 'windows-1252',
  cp1252: 'windows-1252',
  'cp-1252': 'windows-1252',
  'iso-8859-1': 'iso-8859-1',
  'iso8859-1': 'iso-8859-1',
  latin1: 'iso-8859-1',
  'latin-1': 'iso-8859-1',
};

/** The encoding a person's word names; `utf-16` leaves the byte order to the file. `undefined`: not read here. */
export function encodingNamed(word: string): Encoding | 'utf-16' | undefined {
  return ALIASES[word.trim().toLowerCase().replaceAll('_', '-')];
}

/** The byte-order mark a file begins with. */
export interface Mark {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32';
  readonly bytes: number;
}

export function markOf(head: Uint8Array): Mark | undefined {
  const [a, b, c, d] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', bytes: 3 };
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return { encoding: 'utf-32', bytes: 4 };
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { encoding: 'utf-32', bytes: 4 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', bytes: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', bytes: 2 };
  return undefined;
}

/** Fewer bytes prove little by their shares. */
const FEW_BYTES = 400;

/** UTF-16 without a mark, by where the NUL bytes of its ASCII characters stand. A guess from some of its bytes. */
export function guessWide(bytes: Uint8Array): WideEncoding | undefined {
  const nuls = { even: 0, odd: 0 };
  for (let i = 0; i < bytes.length; i += 1) {
    if (bytes[i] === 0) nuls[i % 2 === 0 ? 'even' : 'odd'] += 1;
  }
  return wideByNuls({ ...nuls, bytes: bytes.length, validUtf8: isUtf8(bytes) });
}

/**
 * UTF-16 by the NULs at even and odd bytes, where far fewer stand where the other byte order has its own. Mostly
 * Western text has one in most characters. Other text has them in its line ends, digits and separators, and is no UTF-8;
 * of a few characters one in four is needed, as a stray NUL is no encoding.
 */
export function wideByNuls(seen: {
  readonly even: number;
  readonly odd: number;
  readonly bytes: number;
  readonly validUtf8: boolean;
}): WideEncoding | undefined {
  const others = seen.bytes < FEW_BYTES ? 0.25 : 0.02;
  const needed = Math.max(2, (seen.bytes / 2) * (seen.validUtf8 ? 0.4 : others));
  if (seen.odd >= needed && seen.even * 2 <= seen.odd) return 'utf-16le';
  return seen.even >= needed && seen.odd * 2 <= seen.even ? 'utf-16be' : undefined;
}
