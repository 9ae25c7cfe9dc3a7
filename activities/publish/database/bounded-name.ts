import { createHash } from 'node:crypto';

/** Postgres cuts names at 63 bytes. */
export const LONGEST_NAME = 63;

/** A name that is cut off nowhere, and is the same for the same words: a long one ends in its digest. */
export function boundedName(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  const tail = createHash('sha256').update(name).digest('hex').slice(0, 8);
  let head = name;
  while (Buffer.byteLength(head) > LONGEST_NAME - tail.length - 1) head = head.slice(0, -1);
  return `${head}_${tail}`;
}
