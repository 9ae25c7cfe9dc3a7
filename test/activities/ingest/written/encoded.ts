import type { Encoding } from '../../../../workflows/definition/index.ts';

export const WRITTEN_ENCODINGS = ['utf-8', 'utf-8-mark', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type WrittenEncoding = (typeof WRITTEN_ENCODINGS)[number];

/** What Windows-1252 has at 0x80 to 0x9f; a space where it has nothing. Everywhere else it is Latin-1. */
const WINDOWS = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/** Every character of Windows-1252 from the space on. */
export const WINDOWS_CHARACTERS: readonly string[] = [
  ...Array.from({ length: 0x5f }, (_, index) => String.fromCharCode(0x20 + index)),
  ...Array.from(WINDOWS.replaceAll(' ', '')),
  ...Array.from({ length: 0x60 }, (_, index) => String.fromCharCode(0xa0 + index)),
];

/** What remains of a text in an encoding that may lack some of its characters. */
export function encodable(text: string, encoding: WrittenEncoding): string {
  if (encoding !== 'windows-1252') return text;
  return Array.from(text, (character) => (byteOf(character) === undefined ? '?' : character)).join('');
}

/** The bytes of a text that `encodable` let through. UTF-16 begins with its mark. */
export function encode(text: string, encoding: WrittenEncoding): Buffer {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text);
    case 'utf-8-mark':
      return Buffer.from(`\ufeff${text}`);
    case 'utf-16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf-16be':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    case 'windows-1252':
      return Buffer.from(Array.from(text, (character) => byteOf(character) ?? 0x3f));
  }
}

/** What must be declared: of an encoding without any mark, its name. */
export function declaredEncoding(encoding: WrittenEncoding): { readonly encoding?: Encoding } {
  return encoding === 'windows-1252' ? { encoding } : {};
}

function byteOf(character: string): number | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80 || (code >= 0xa0 && code <= 0xff)) return code;
  const at = WINDOWS.indexOf(character);
  return at < 0 || character === ' ' ? undefined : 0x80 + at;
}
