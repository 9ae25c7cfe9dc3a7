import { describe, expect, test } from 'vitest';
import { AcequiaError } from '../../../../activities/failure/acequia-error.ts';
import { XML_LIMITS } from '../../../../activities/ingest/xml/xml-limits.ts';
import { readXml, type ReadOptions } from './read-bytes.ts';

function refusal(document: string | Uint8Array, options?: ReadOptions): AcequiaError {
  try {
    readXml(document, options);
  } catch (error) {
    if (error instanceof AcequiaError) return error;
    throw error;
  }
  throw new Error('it was read');
}

const ORDER = '<orders><order>1</order></orders>';

describe('a document type', () => {
  test.each([
    ['entities', '<!DOCTYPE orders [<!ENTITY a "b">]>'],
    [
      'entities that nobody uses, in a comment of quotes',
      `<!DOCTYPE orders [<!-- don't > --><!ENTITY a SYSTEM "file:///etc/passwd">]>`,
    ],
    ['parameter entities', '<!DOCTYPE orders [<!ENTITY % a "b"> %a;]>'],
    ['another file', '<!DOCTYPE orders SYSTEM "http://127.0.0.1/x.dtd">'],
    ['another file with a public name', '<!DOCTYPE orders PUBLIC "-//X" "x.dtd">'],
    ['defaults', '<!DOCTYPE orders [<!ATTLIST order vat CDATA "21">]>'],
  ])('with %s is refused', (_, type) => {
    expect(refusal(type + ORDER).type).toBe('SourceRefused');
  });

  test.each([
    '<!DOCTYPE orders>',
    "<!DOCTYPE orders [\n<!-- ' > ] --><!ELEMENT orders (order)*> <!ATTLIST order id CDATA #IMPLIED>]>",
  ])('that changes nothing is fine: %s', (type) => expect(readXml(type + ORDER).counted.records).toBe(1));

  test('that is a bomb expands to nothing', () => {
    const levels = Array.from({ length: 20 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`);
    const bomb = `<!DOCTYPE orders [<!ENTITY l0 "lol">${levels.join('')}]><orders><order>&l20;</order></orders>`;
    expect(refusal(bomb).type).toBe('SourceRefused');
  });
});

describe('a document that is not well-formed is told with its place', () => {
  test.each([
    ['an entity that nobody declares', '<orders>\n<order>&euro;</order></orders>', 'in.xml:2:13'],
    ['a wrong end', '<orders>\n<order>1</orders>', 'in.xml:2:17'],
    ['two roots', '<orders/>\n<orders/>', 'in.xml:2:8'],
    ['the same attribute twice', '<orders>\n<order a="1" a="2"/></orders>', 'in.xml:2:20'],
    ['a control character', '<orders>\n<order>\u0001</order></orders>', 'in.xml:2:8'],
    ['a NUL', '<orders>\n<order>\0</order></orders>', 'in.xml:2:8'],
    ['an early end', '<orders>\n<order>1</order>', 'in.xml:2:16'],
    ['an early end within a tag', '<orders>\n<order a="1', 'in.xml:2:11'],
    ['an early end within a comment', '<orders>\n<!-- <order>', 'in.xml:2:12'],
    ['nothing', '', 'in.xml:1:1'],
  ])('%s', (_, document, where) => {
    for (const piece of [1, 5, 1000]) {
      const error = refusal(document, { piece });
      expect([error.type, error.where]).toEqual(['SourceCorrupt', where]);
    }
  });

  test('bytes that are not UTF-8', () => {
    const document = Buffer.from('<orders>\n<order>ñ</order>\n<order>\xF1</order></orders>', 'latin1');
    document.set(Buffer.from('aa'), 16);
    const error = refusal(document);
    expect([error.type, error.where]).toEqual(['SourceCorrupt', 'in.xml:3']);
  });
});

describe('limits', () => {
  const limits = { depth: 5, attributes: 3, name: 10, tagBytes: 100_000, textBytes: 150_000, recordBytes: 400_000 };
  const within = (inside: string): string => `<orders><order>${inside}</order></orders>`;
  test.each([
    ['depth', within('<a><b><c><d/></c></b></a>')],
    ['attributes', within('<a b="" c="" d="" e=""/>')],
    ['a name', within('<abcdefghijk/>')],
    ['a name of an attribute', within('<a abcdefghijk=""/>')],
    ['a tag', within(`<a b="${'x'.repeat(300_000)}"/>`)],
    ['text', within('x'.repeat(300_000))],
    ['a comment', within(`<!--${'x'.repeat(300_000)}-->`)],
    ['a record', within('<a>xxxxx</a>'.repeat(50_000))],
  ])('%s', (_, document) => {
    expect(refusal(document, { limits, piece: 50_000 }).type).toBe('SourceRefused');
  });

  test('of depth hold against a bomb', () => {
    expect(refusal(`<orders>${'<a>'.repeat(1_000_000)}`).message).toContain(`more than ${XML_LIMITS.depth} deep`);
  });
});

test('a path that the document does not have is refused, with what it has', () => {
  const error = refusal('<export><order/><order/></export>');
  expect(error.type).toBe('SourceRefused');
  expect(error.message).toContain('export');
  expect(readXml('<orders>\n</orders>').counted.records).toBe(0);
});
