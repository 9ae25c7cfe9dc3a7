import { LF } from './bytes.ts';

/** Why a record is no JSON, and at which byte. Thrown nowhere: readers keep it and answer -1, as broken records are many. */
export class Problem {
  reason = '';
  at = 0;

  /** Notes it and answers -1, the sign of failure. */
  found(reason: string, at: number): -1 {
    this.reason = reason;
    this.at = at;
    return -1;
  }

  /** For people: what, and where in the record that begins at `start`. */
  text(start: number): string {
    return `${this.reason} (byte ${this.at - start + 1} of the record)`;
  }
}

/** Says what is wrong where a value should begin. */
export function noValue(bytes: Uint8Array, p: number, end: number): string {
  return orEnd(bytes, p, end, notValue(bytes, p, end));
}

/** What is wrong at `p`, if it is not that the record ends there. Readers pass over line ends where they may stand. */
export function orEnd(bytes: Uint8Array, p: number, end: number, what: string): string {
  return p >= end || bytes[p] === LF ? 'ends too early' : what;
}

function notValue(bytes: Uint8Array, p: number, end: number): string {
  const rest = Buffer.from(bytes.buffer, bytes.byteOffset + p, Math.max(0, Math.min(9, end - p))).toString('latin1');
  if (/^-?(nan|infinity)/i.test(rest)) return 'NaN and Infinity are not JSON';
  if (/^[}\],]/.test(rest)) return 'a value is missing';
  if (rest.startsWith("'")) return 'single quotes are not JSON';
  if (/^\/[/*]/.test(rest)) return 'comments are not JSON';
  if (rest.startsWith('\u00ef\u00bb\u00bf')) return 'a byte order mark inside the file';
  if (/^[-+.\d]/.test(rest)) return 'not a JSON number';
  return 'not a JSON value';
}
