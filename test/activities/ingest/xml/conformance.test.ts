import { readFileSync } from 'node:fs';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { AcequiaError } from '../../../../activities/failure/acequia-error.ts';
import { XML_LIMITS } from '../../../../activities/ingest/xml/xml-limits.ts';
import { XmlParser } from '../../../../activities/ingest/xml/xml-parser.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { asUtf8, conformanceCases, type ConformanceCase } from './conformance-cases.ts';
import { READ_ALTHOUGH, REFUSED_ALTHOUGH } from './conformance-exceptions.ts';
import { readXml } from './read-bytes.ts';

const CASES = conformanceCases();
const PIECE = 4096;
const known = new Map<ConformanceCase, string>();

/** `read`, or why not. Both readers run; the document element is the record, so that they compare all of it. */
function outcome(one: ConformanceCase, folder: string): string {
  const result = known.get(one) ?? outcomeInPieces(one, PIECE, folder);
  known.set(one, result);
  return result;
}

function outcomeInPieces({ path }: ConformanceCase, piece: number, folder: string): string {
  const bytes = asUtf8(readFileSync(path));
  if (!bytes) return 'SourceCorrupt undecodable';
  try {
    readXml(bytes, { records: rootName(bytes), piece, folder });
    return 'read';
  } catch (error) {
    // Anything else is a crash.
    if (!(error instanceof AcequiaError) || error.type === 'ReadersDisagree') throw error;
    return `${error.type} ${error.message}`;
  }
}

/** Errors pass it by. */
function rootName(document: Buffer): string {
  let root = 'none';
  const parser = new SaxesParser();
  parser.on('error', () => undefined);
  parser.on('opentagstart', ({ name }) => {
    if (root === 'none' && /^[^\s<>&"'/=[\]@*()]+$/.test(name)) root = name;
  });
  parser.write(document.toString()).close();
  return root;
}

function attributePairs(attributes: readonly string[]): string[] {
  return attributes.flatMap((name, at) => (at % 2 === 0 ? [`${name}=${attributes[at + 1]}`] : []));
}

/** What a document says, as text; comments, instructions and the way of writing left out. */
function meaning(path: string): string {
  const told: unknown[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') told.push(text);
    text = '';
  };
  const parser = new XmlParser(
    path,
    {
      open: (name, attributes) => {
        flush();
        told.push([name, attributePairs(attributes).sort()]);
      },
      text: (piece) => (text += piece),
      close: () => {
        flush();
        told.push('/');
      },
    },
    XML_LIMITS,
  );
  parser.write(asUtf8(readFileSync(path)) ?? Buffer.alloc(0));
  parser.end();
  return JSON.stringify(told);
}

describe('the W3C XML conformance suite', () => {
  test('holds the cases that are expected of it', () => expect(CASES.length).toBe(2585));

  test('what is not well-formed is refused, but for what is listed', async () => {
    const folder = await temporaryFolder();
    const read = CASES.filter((one) => one.type === 'not-wf' && outcome(one, folder) === 'read');
    expect(read.filter(({ id }) => !READ_ALTHOUGH.some(({ ids }) => ids.test(id))).map(({ id }) => id)).toEqual([]);
    const counts = READ_ALTHOUGH.map(({ ids }) => read.filter(({ id }) => ids.test(id)).length);
    expect(counts).toEqual(READ_ALTHOUGH.map(({ cases }) => cases));
  });

  test('what is well-formed is read, or refused for a listed reason that the document bears out', async () => {
    const folder = await temporaryFolder();
    const wellFormed = CASES.filter(({ type }) => type === 'valid' || type === 'invalid');
    const read = new Set<string>();
    const needed = new Set<string>();
    for (const one of wellFormed) {
      const result = outcome(one, folder);
      if (result === 'read') {
        read.add(one.id);
        continue;
      }
      const exception = REFUSED_ALTHOUGH.find(({ why }) => result.startsWith('SourceRefused') && why.test(result));
      expect(exception, `${one.id}: ${result}`).toBeDefined();
      expect(asUtf8(readFileSync(one.path))?.toString(), one.id).toMatch(exception?.holds ?? /^$/);
      needed.add(exception?.reason ?? '');
    }
    expect(needed.size).toBe(REFUSED_ALTHOUGH.length);
    expect(read.size).toBe(627);
  });

  test('what is read says what its canonical form says', async () => {
    const folder = await temporaryFolder();
    const different: string[] = [];
    let compared = 0;
    for (const one of CASES) {
      if (one.type !== 'valid' || !one.canonical || outcome(one, folder) !== 'read') continue;
      compared++;
      if (meaning(one.path) !== meaning(one.canonical)) different.push(one.id);
    }
    expect(different).toEqual([]);
    expect(compared).toBe(164);
  });

  test('where the bytes are cut does not matter', async () => {
    const folder = await temporaryFolder();
    for (const one of CASES.filter((_, index) => index % 5 === 0)) {
      const cut = (piece: number): string => outcomeInPieces(one, piece, folder).split(' ')[0] ?? '';
      expect(cut(7), one.id).toBe(cut(1 << 20));
    }
  });
});
