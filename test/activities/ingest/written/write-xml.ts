import fc from 'fast-check';
import { encode } from './encoded.ts';
import type { Rows, WrittenFile } from './written-file.ts';

export const xmlStyle = fc.record({
  /** What stands where: elements with texts, or attributes. */
  as: fc.constantFrom('elements' as const, 'attributes' as const),
  /** How texts are written. */
  escape: fc.constantFrom('names' as const, 'numbers' as const, 'cdata' as const),
  /** A NULL is an element with `xsi:nil`, or none at all. */
  nil: fc.boolean(),
  lineEnd: fc.constantFrom('', '\n', '\r\n  '),
  encoding: fc.constantFrom('utf-8', 'utf-8-mark', 'utf-16le', 'utf-16be'),
});
export type XmlStyle = typeof xmlStyle extends fc.Arbitrary<infer Value> ? Value : never;

const SCHEMA = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Whether XML 1.0 has a place for every character of a text. */
export function fitsXml(text: string): boolean {
  return /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text);
}

/** Writes a table of texts that fit into XML, one `r` a record. */
export function writeXml(style: XmlStyle, names: readonly string[], rows: Rows): WrittenFile {
  const attributes = style.as === 'attributes';
  // Of a column without any value nothing would be left; attributes have no other way.
  const kept = rows.map((row) => row.map((cell, index) => (attributes && index === 0 ? (cell ?? '') : cell)));
  const empty = names.map((_, index) => kept.every((row) => row[index] === null));
  const records = kept.map((row) => {
    if (attributes)
      return `<r${row.map((cell, index) => (cell === null && !empty[index] ? '' : ` ${names[index]}="${spell(cell ?? '', 'numbers')}"`)).join('')}/>`;
    const elements = row.map((cell, index) => {
      const name = names[index]!;
      if (cell !== null) return `<${name}>${spell(cell, style.escape)}</${name}>`;
      return style.nil || empty[index] ? `<${name} xsi:nil="true"/>` : '';
    });
    return `<r>${elements.join('')}</r>`;
  });
  const body = `<rows ${SCHEMA}>${style.lineEnd}${records.join(style.lineEnd)}${style.lineEnd}</rows>`;
  const { encoding } = style;
  const declared = encoding.startsWith('utf-16') ? 'UTF-16' : 'UTF-8';
  return {
    name: 'in.xml',
    bytes: encode(`<?xml version="1.0" encoding="${declared}"?>${style.lineEnd}${body}`, encoding),
    source: { records: 'rows/r' },
    fields: attributes ? names.map((name) => `@${name}`) : names,
    rows: attributes ? kept.map((row) => row.map((cell, index) => (empty[index] ? '' : cell))) : kept,
  };
}

/** Line ends and tabs as numbers: as they are, XML makes others of them. */
function spell(text: string, escape: XmlStyle['escape']): string {
  const number = (character: string): string => `&#${character.codePointAt(0)};`;
  if (escape === 'cdata' && !text.includes('\r')) return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  const numbers = escape === 'numbers' ? /[<>&"\t\n\r]|[^\x20-\x7e]/gu : /[<>&"\r]/g;
  return text.replace(numbers, (found) => (escape === 'names' ? NAMED[found] : undefined) ?? number(found));
}
