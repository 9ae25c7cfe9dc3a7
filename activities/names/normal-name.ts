import { createHash } from 'node:crypto';

/** Bytes of a name in UTF-8: what Postgres takes without cutting. */
const NAME_BYTES = 63;
const HASH_DIGITS = 8;

/** Latin letters that are no letter with an accent. They may carry one (ǽ, ǿ), which has to fall first. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
};

/**
 * A name in snake case that every destination takes as it is: `Order ID`, `orderId` and `order-id` are `order_id`,
 * `HTTPStatus` is `http_status`, `Año` is `ano`; letters of other scripts stay. A leading `_` falls, as such names are
 * Acequia's own (`_file`, `_line`, …), but one stands before a leading digit (`_1st`). Beyond 63 bytes a name is cut and
 * ends in a hash of the whole. Empty where nothing is left. What it returns it returns again.
 */
export function normalName(original: string): string {
  const name = snakeCase(original);
  return /^\p{N}/u.test(name) ? shortened(`_${name}`) : shortened(name);
}

/** A name and a number behind it, within the length. */
export function numbered(name: string, number: number): string {
  const suffix = `_${number}`;
  return cut(name, NAME_BYTES - suffix.length) + suffix;
}

function snakeCase(original: string): string {
  return original
    .normalize('NFKC')
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1_$2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/(\p{Script=Latin})\p{Mn}+/gu, '$1')
    .normalize('NFKC')
    .replaceAll(/[ßæœøđðþłħı]/g, (letter) => LETTERS[letter] ?? letter)
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '');
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= NAME_BYTES) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_DIGITS);
  return `${cut(name, NAME_BYTES - HASH_DIGITS - 1)}_${hash}`;
}

/** The longest beginning within so many bytes, whole characters and without an `_` at its end. */
function cut(name: string, bytes: number): string {
  let kept = '';
  let size = 0;
  for (const character of name) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    kept += character;
  }
  return kept.replace(/_+$/, '');
}
