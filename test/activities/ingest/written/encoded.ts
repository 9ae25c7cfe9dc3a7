import type { Encoding } from '../../../../workflows/definition/index.ts';

export const WRITTEN_ENCODINGS = ['utf-8', 'utf-8-mark', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type WrittenEncoding = (typeof WRITTEN_ENCODINGS)[number];

/** Character → byte, of those that Windows-1252 has. */
const WINDOWS = new Map(
  Array.from({ length: 256 }, (_, byte): [string, number] => [
    new TextDecoder('windows-1252').decode(Uint8Array.of(byte)),
    byte,
  ]),
);
/** What the standard leaves undefined, and the decoder passes through. */
const UNDEFINED = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

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
  const byte = WINDOWS.get(character);
  return byte === undefined || UNDEFINED.has(byte) ? undefined : byte;
}
