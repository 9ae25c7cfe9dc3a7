import { expect, test } from 'vitest';
import { declaredXmlEncoding } from '../../../../activities/ingest/xml/xml-encoding.ts';

test.each([
  ['<?xml version="1.0" encoding="ISO-8859-1"?><a/>', 'iso-8859-1'],
  ["\u00EF\u00BB\u00BF<?xml version='1.0'\n encoding = 'Windows-1252' standalone='yes'?><a/>", 'windows-1252'],
  ['<?xml version="1.0" encoding="UTF-8"?><a/>', 'utf-8'],
  ['<?xml version="1.0"?><a encoding="latin1"/>', undefined],
  ['<a/>', undefined],
  // Read byte by byte, it cannot be what it says.
  ['<?xml version="1.0" encoding="utf-16"?><a/>', undefined],
])('%s', (head, encoding) => expect(declaredXmlEncoding(Buffer.from(head, 'latin1'))).toBe(encoding));

test('UTF-16 is known by its first characters, without a mark', () => {
  const head = Buffer.from('<?xml version="1.0" encoding="utf-16"?>', 'utf16le');
  expect(declaredXmlEncoding(head)).toBe('utf-16le');
  expect(declaredXmlEncoding(Buffer.from(head).swap16())).toBe('utf-16be');
});
