import { byteOf, type CsvFormat } from './csv-format.ts';

/** Kinds of bytes for the first reader; what is above `ENDS` means something to quoting only. */
export const PLAIN = 0;
export const DELIMITER = 1;
export const LF = 2;
export const CR = 3;
export const ENDS = 3;
export const QUOTE = 4;

/** The kind of each byte. */
export function byteKinds(format: CsvFormat): Uint8Array {
  const kinds = new Uint8Array(256);
  kinds[0x0a] = LF;
  kinds[0x0d] = CR;
  kinds[byteOf(format.delimiter)] = DELIMITER;
  if (format.quote !== '') kinds[byteOf(format.quote)] = QUOTE;
  return kinds;
}
