/**
 * The encoding that the first bytes of an XML file tell of, in lower case as declared: by the XML declaration
 * (`<?xml version="1.0" encoding="ISO-8859-1"?>`), or by the shape of its first characters (`utf-16le`, `utf-16be`).
 * Nothing where neither says anything: then it is UTF-8, or what a byte order mark says.
 *
 * A declaration that could be read byte by byte and yet names UTF-16 or UTF-32 contradicts itself, as programs write it
 * that make their XML in memory. It is not believed: the file is UTF-8, or refused as such.
 */
export function declaredXmlEncoding(head: Buffer): string | undefined {
  if (startsWith(head, [0x3c, 0x00, 0x3f, 0x00])) return 'utf-16le';
  if (startsWith(head, [0x00, 0x3c, 0x00, 0x3f])) return 'utf-16be';
  const from = startsWith(head, [0xef, 0xbb, 0xbf]) ? 3 : 0;
  const text = head.subarray(from, from + DECLARATION_BYTES).toString('latin1');
  const name = DECLARATION.exec(text)?.[2]?.toLowerCase();
  return name === undefined || WIDE.test(name) ? undefined : name;
}

/** No declaration is longer. */
const DECLARATION_BYTES = 1024;
const DECLARATION = /^<\?xml[ \t\r\n][^>]*?[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*(["'])([A-Za-z][A-Za-z0-9._-]*)\1/;
const WIDE = /^(utf-?(16|32)|ucs-?[24]|iso-10646)/;

function startsWith(bytes: Buffer, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}
