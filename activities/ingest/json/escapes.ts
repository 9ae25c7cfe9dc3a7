import type { RecordTape } from '../nested/record-tape.ts';
import { BACKSLASH, QUOTE, SPACE, STOPS } from './bytes.ts';
import type { Problem } from './problem.ts';

const U = 0x75;
/** What stands for `\"`, `\\`, `\/`, `\b`, `\f`, `\n`, `\r`, `\t`; 0: no escape. */
const SIMPLE = new Uint8Array(256);
for (const [letter, byte] of Object.entries({ '"': 0x22, '\\': 0x5c, '/': 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 })) {
  SIMPLE[letter.charCodeAt(0)] = byte;
}
const HEX = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit += 1) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
  HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

/**
 * Decodes the string whose characters begin at `from`, behind its quote, to the tape's scratch, behind what stands
 * there. Answers the byte of its closing quote, or -1. `\u0000` is refused, as text columns cannot hold it everywhere.
 */
export function decodeString(bytes: Uint8Array, from: number, tape: RecordTape, problem: Problem): number {
  let p = from;
  for (;;) {
    const start = p;
    while (STOPS[bytes[p]!] === 0) p += 1;
    tape.reserve(p - start + 4);
    if (p > start) {
      tape.scratch.set(bytes.subarray(start, p), tape.scratchEnd);
      tape.scratchEnd += p - start;
    }
    const byte = bytes[p]!;
    if (byte === QUOTE) return p;
    if (byte !== BACKSLASH) return problem.found(badCharacter(byte), p);
    const code = escapedCode(bytes, p, problem);
    if (code < 0) return -1;
    if (code === 0) return problem.found('NUL character', p);
    putCode(tape, code);
    p += escapeLength(bytes, p, code);
  }
}

/** The end of a string that is only looked at: the byte of its closing quote, or -1. */
export function checkString(bytes: Uint8Array, from: number, problem: Problem): number {
  let p = from;
  for (;;) {
    while (STOPS[bytes[p]!] === 0) p += 1;
    const byte = bytes[p]!;
    if (byte === QUOTE) return p;
    if (byte !== BACKSLASH) return problem.found(badCharacter(byte), p);
    const code = escapedCode(bytes, p, problem);
    if (code < 0) return -1;
    p += escapeLength(bytes, p, code);
  }
}

function badCharacter(byte: number): string {
  return byte < SPACE ? 'a control character, or the end, inside a string' : 'not a JSON string';
}

/** The character that the escape at `p` stands for; -1: none. */
function escapedCode(bytes: Uint8Array, p: number, problem: Problem): number {
  const letter = bytes[p + 1]!;
  if (letter !== U) return SIMPLE[letter]! || problem.found('an escape that JSON does not have', p);
  const unit = hexUnit(bytes, p + 2);
  if (unit < 0) return problem.found('an escape that JSON does not have', p);
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  const low = unit < 0xdc00 && bytes[p + 6] === BACKSLASH && bytes[p + 7] === U ? hexUnit(bytes, p + 8) : -1;
  if (low < 0xdc00 || low > 0xdfff) return problem.found('half of a surrogate pair', p);
  return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

function escapeLength(bytes: Uint8Array, p: number, code: number): number {
  if (bytes[p + 1] !== U) return 2;
  return code < 0x10000 ? 6 : 12;
}

/** Four hexadecimal digits; -1: they are not. */
function hexUnit(bytes: Uint8Array, p: number): number {
  let unit = 0;
  for (let i = p; i < p + 4; i += 1) {
    const digit = HEX[bytes[i] ?? 0]!;
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

/** Four bytes of room are there. */
function putCode(tape: RecordTape, code: number): void {
  const { scratch } = tape;
  let at = tape.scratchEnd;
  if (code < 0x80) scratch[at++] = code;
  else if (code < 0x800) {
    scratch[at++] = 0xc0 | (code >> 6);
    scratch[at++] = 0x80 | (code & 0x3f);
  } else if (code < 0x10000) {
    scratch[at++] = 0xe0 | (code >> 12);
    scratch[at++] = 0x80 | ((code >> 6) & 0x3f);
    scratch[at++] = 0x80 | (code & 0x3f);
  } else {
    scratch[at++] = 0xf0 | (code >> 18);
    scratch[at++] = 0x80 | ((code >> 12) & 0x3f);
    scratch[at++] = 0x80 | ((code >> 6) & 0x3f);
    scratch[at++] = 0x80 | (code & 0x3f);
  }
  tape.scratchEnd = at;
}
