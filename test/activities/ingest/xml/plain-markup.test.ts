import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AcequiaError } from '../../../../activities/failure/acequia-error.ts';
import { PlainMarkup } from '../../../../activities/ingest/xml/plain-markup.ts';
import { StrictMarkup } from '../../../../activities/ingest/xml/strict-markup.ts';
import type { XmlEvents } from '../../../../activities/ingest/xml/xml-events.ts';
import { XML_LIMITS, type XmlLimits } from '../../../../activities/ingest/xml/xml-limits.ts';
import { XmlParser } from '../../../../activities/ingest/xml/xml-parser.ts';

type Place = readonly [offset: number, line: number];

/** What was told, with texts in one piece, and where `at` says that it stood. */
class Told implements XmlEvents {
  readonly all: unknown[] = [];
  at: () => Place = () => [0, 0];
  private said = '';

  open(name: string, attributes: readonly string[]): void {
    this.flush();
    this.all.push([name, ...attributes, this.at()]);
  }

  text(text: string): void {
    this.said += text;
  }

  close(): void {
    this.flush();
    this.all.push('/');
  }

  flush(): void {
    if (this.said !== '') this.all.push(this.said);
    this.said = '';
  }
}

const FROM = { around: ['r'], version: '1.0', line: 5 } as const;

/** Everything that is told of what stands in an element `r`, and how it ends. */
function outcome(told: Told, read: () => void): unknown {
  let end = 'well-formed';
  try {
    read();
  } catch (error) {
    if (!(error instanceof AcequiaError)) throw error;
    end = error.message;
  }
  told.flush();
  return { end, told: told.all };
}

function strictly(text: string, limits: XmlLimits): unknown {
  const told = new Told();
  const strict = new StrictMarkup('f', told, limits, [...FROM.around], { version: '1.0', line: 5, column: 0 });
  told.at = () => [Buffer.byteLength(text.slice(0, strict.tagAt)), strict.tagLine];
  return outcome(told, () => {
    strict.read(text, 0, text.length);
    strict.finish();
  });
}

function inTurns(text: string, limits: XmlLimits, piece?: number): unknown {
  const told = new Told();
  const parser = new XmlParser('f', told, limits, FROM);
  told.at = () => [parser.tagStart.offset, parser.tagStart.line];
  const bytes = Buffer.from(text);
  const step = piece ?? Math.max(1, bytes.length);
  return outcome(told, () => {
    for (let at = 0; at < bytes.length; at += step) parser.write(bytes.subarray(at, at + step), at);
    parser.end();
  });
}

/** Places of tags are right only where no name is cut, and the strict parser finds some mistakes a character later then. */
function withoutPlaces(outcome: unknown): unknown {
  return JSON.parse(JSON.stringify(outcome).replace(/where: f:\d+:\d+/, ''), (_, value: unknown) =>
    Array.isArray(value) && value.length === 2 && typeof value[0] === 'number' ? 0 : value,
  );
}

const PLAIN = [
  ...['<a>', '</a>', '<b x="1">', '</b>', '<c/>', '<d e="" f=\'"\'\n\t g="a&amp;&lt;>"/>', '<x:y_.-1 z:z="ñ😀"/>'],
  ...['x', '\n', ' \t', '&amp;', '&quot;&apos;', ']', '>', 'ñ', '😀', '\u0085', '\u2028', '\ufffd', '\ufeff', '007'],
];
const OTHER = [
  ...['&#65;', '&#x41;', '&bad;', '&', ']]', ']]>', '<![CDATA[<y>]]>', '<!-- <a> -->', '<?p <a>?>', '<!DOCTYPE r>'],
  ...[
    '\r',
    '\r\n',
    '<é/>',
    '<a x="1" x="2">',
    '<a x=1>',
    '<a x>',
    '<a x = "1">',
    '<a x="1"y="2">',
    '<a x="\n">',
    '<a x="<">',
  ],
  ...['\u0001', '\uffff', '<', '<a', '<a x="', '</a >', '</', '<1>', '< a>', '<a / >', '</r>', '<r>', '<a é="1">'],
];
const pad = fc.integer({ min: 200, max: 1500 }).map((length) => `<pad n="${length}">${'p'.repeat(length)}</pad>\n`);
/** An element around anything that is well-formed by itself. */
const element = (inside: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom('a', 'b', 'é'), inside).map(([name, text]) => `<${name}>${text}</${name}>`);
const wellFormed = fc.constantFrom(
  ...PLAIN.filter((part) => !/^<\/?[ab]/.test(part)),
  '&#65;',
  '<!-- -->',
  '\r\n',
  '<![CDATA[<]]>',
);
const parts = fc.oneof(
  { weight: 6, arbitrary: element(fc.array(wellFormed, { maxLength: 6 }).map((list) => list.join(''))) },
  { weight: 3, arbitrary: wellFormed },
  { weight: 3, arbitrary: pad },
  { weight: 1, arbitrary: fc.constantFrom(...PLAIN) },
  { weight: 1, arbitrary: fc.constantFrom(...OTHER) },
);
const document = fc.array(parts, { maxLength: 12 }).map((list) => `${list.join('')}</r>`);
const SMALL: XmlLimits = { ...XML_LIMITS, depth: 3, attributes: 2, name: 4 };

describe('the plain parser', () => {
  test('and the strict one tell, in turns, what the strict one tells alone: values, places, and what is wrong', () => {
    fc.assert(
      fc.property(document, fc.constantFrom(XML_LIMITS, SMALL), (text, limits) => {
        expect(inTurns(text, limits)).toEqual(strictly(text, limits));
      }),
      { numRuns: 2000 },
    );
  });

  test('does so wherever the bytes are cut', () => {
    fc.assert(
      fc.property(document, fc.integer({ min: 1, max: 700 }), (text, piece) => {
        expect(withoutPlaces(inTurns(text, XML_LIMITS, piece))).toEqual(withoutPlaces(strictly(text, XML_LIMITS)));
      }),
      { numRuns: 1000 },
    );
  });

  test.each(PLAIN.filter((part) => part !== '</a>' && part !== '</b>'))('reads %j itself', (part) => {
    const text = `${part}<a></a>`;
    const open = ['r', 'q'];
    expect(new PlainMarkup(new Told(), XML_LIMITS, open).read(text, 0)).toBe(text.length);
  });

  test.each(OTHER)('leaves %j alone', (part) => {
    const open = ['r'];
    const at = new PlainMarkup(new Told(), XML_LIMITS, open).read(`<a></a>${part}<a/>`, 0);
    expect(at).toBe(part === '<r>' ? 14 : 7);
  });
});
