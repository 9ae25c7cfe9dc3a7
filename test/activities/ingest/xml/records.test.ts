import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { readXml, type ReadOptions } from './read-bytes.ts';

const values = (document: string, options?: ReadOptions): unknown[] =>
  readXml(document, options).records.map(({ value }) => value);
const orders = (inside: string): string => `<orders>${inside}</orders>`;

describe('what a record is made of', () => {
  test('attributes are @fields, elements fields, with elements or attributes inside they are objects', () => {
    const order = '<order id="1"><who><name>Ann &amp; Bo</name></who><total cur="EUR">5.10</total><note/></order>';
    expect(values(orders(order))).toEqual([
      { '@id': '1', who: { name: 'Ann & Bo' }, total: { '@cur': 'EUR', '=': '5.10' }, note: '' },
    ]);
  });

  test('what repeats comes again, wherever it stands', () => {
    expect(values(orders('<order><i>1</i><x>y</x><i>2</i><i z="3"/></order>'))).toEqual([
      { i: ['1', '2', { '@z': '3' }], x: 'y' },
    ]);
  });

  test('text is kept exactly, white space between elements is none', () => {
    expect(
      values(
        orders('\n <order>\n  <a> x \n</a><b>  </b><c><![CDATA[<&]]> 007</c><d>1<!-- 9 -->2<?p?>3</d>\r\n</order>'),
      ),
    ).toEqual([{ a: ' x \n', b: '  ', c: '<& 007', d: '123' }]);
  });

  test('line ends in text are LF, tabs and line ends in attributes are spaces, references stay: as XML says', () => {
    expect(values(orders('<order a="1\t2&#9;3"><b>x\r\ny&#13;z</b></order>'))).toEqual([
      { '@a': '1 2\t3', b: 'x\ny\rz' },
    ]);
  });

  test('declarations of namespaces are no fields, names are as written, xsi:nil is no value', () => {
    const nil = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
    expect(
      values(
        orders(`<order xmlns="u" ${nil}><a:b xmlns:a="v">1</a:b><c xsi:nil="true"/><d xsi:nil="false">2</d></order>`),
      ),
    ).toEqual([{ 'a:b': '1', c: null, d: '2' }]);
  });

  test('a record may be a single value, or nothing', () => {
    expect(values(orders('<order>1</order><order/><order>\n</order>'))).toEqual(['1', {}, {}]);
  });

  test('a path names local names, or names as written', () => {
    const soap = '<s:Envelope><s:Body><o:order>1</o:order><p:order>2</p:order></s:Body></s:Envelope>';
    expect(values(soap, { records: 'Envelope/Body/order' })).toEqual(['1', '2']);
    expect(values(soap, { records: 's:Envelope/s:Body/p:order' })).toEqual(['2']);
    expect(values('<a><b><c>1</c></b><c>2</c><b><c>3</c></b></a>', { records: '/a/b/c' })).toEqual(['1', '3']);
  });

  test('an element of the same name within a record is a field of it', () => {
    expect(values(orders('<order><order>1</order></order>'))).toEqual([{ order: '1' }]);
  });
});

describe('text between elements', () => {
  const MIXED = '<order><id>1</id><d>Hi <b>you</b>!</d></order><order><id>2</id></order>';

  test('breaks its record, and that alone', async () => {
    const { records, broken } = readXml(orders(MIXED), { folder: await temporaryFolder() });
    expect(records.map(({ value }) => value)).toEqual([{ id: '2' }]);
    expect(broken).toEqual([
      { line: 1, offset: 8, length: 46, reason: 'text between elements', text: MIXED.slice(0, 46) },
    ]);
  });

  test('stays in its order where the element is kept as JSON', () => {
    expect(values(orders(MIXED), { asJson: ['d'] })[0]).toEqual({
      id: '1',
      d: { json: { '#content': ['Hi ', { b: 'you' }, '!'] } },
    });
  });
});

test('what is kept as JSON is whole', () => {
  const inside = '<d z="1"><e>1</e><f q="2">t</f><e>2</e><g/><h xsi:nil="true"/></d>';
  expect(values(orders(`<order>${inside}</order>`), { asJson: ['d'] })).toEqual([
    { d: { json: { '@z': '1', e: ['1', '2'], f: { '@q': '2', '#text': 't' }, g: '', h: null } } },
  ]);
});

test('what is left out is not told', () => {
  expect(values(orders('<order a="1"><b><c>1</c></b><d>2</d></order>'), { leftOut: ['b', '@a'] })).toEqual([
    { d: '2' },
  ]);
});

test('values outside of the records are told of', () => {
  const { warnings } = readXml('<orders day="1">\n<made>2</made><order>1</order>x</orders>');
  expect(warnings.map(({ what, line }) => [what.replace(/.* in (.*),.*/, '$1'), line])).toEqual([
    ['orders', 1],
    ['orders/made', 2],
    ['orders', 2],
  ]);
});

describe('where a record stands', () => {
  test('line, bytes and number', () => {
    const { records } = readXml(
      '<?xml version="1.0"?>\r\n<orders>\n<!-- <order> -->\r<order>ñ</order>\n\n <order\n>2</order><order\r\n/></orders>',
    );
    expect(records.map(({ line, offset, length, record }) => [line, offset, length, record])).toEqual([
      [4, 49, 17, 1],
      [6, 69, 17, 2],
      [7, 86, 10, 3],
    ]);
  });

  test('and both readers count the same elements and attributes', () => {
    const { counted } = readXml(orders('<order a="1" b=">"><c/><d e=\'"/>\'>x</d></order><order/>'));
    expect(counted).toEqual({ records: 2, fields: 7 });
  });
});

interface Tree {
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly (readonly [string, Tree])[];
}

const NAMES = fc.constantFrom('a', 'b', 'order', 'ñu', 'x:y', '_1', 'orders');
const TEXTS = fc.oneof(
  fc
    .string({ unit: 'binary', maxLength: 8 })
    .filter((text) => !/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text)),
  fc.constantFrom('', ' ', '\r', ']]>', '<order>', '&amp;', '-->', '"\'', '007', '1e5', '😀'),
);
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record({
    attributes: fc.dictionary(fc.constantFrom('id', 'p:q', 'ñ'), TEXTS, { maxKeys: 2 }),
    content: fc.oneof(
      { depthSize: 'small' },
      TEXTS,
      fc.array(fc.tuple(NAMES, tie('tree')), { minLength: 1, maxLength: 4 }),
    ),
  }),
}));

/** A conforming writer, with what XML allows between the elements. */
function written(name: string, { attributes, content }: Tree, style: number): string {
  const escaped = (text: string): string =>
    text.replace(
      /[<&>"'\r\n\t]/g,
      (character) => `&#${style % 2 === 0 ? '' : 'x'}${character.codePointAt(0)!.toString(style % 2 === 0 ? 10 : 16)};`,
    );
  const list = Object.entries(attributes).map(
    ([key, value]) => ` ${key}=${style % 3 === 0 ? `'${escaped(value)}'` : `"${escaped(value)}"`}`,
  );
  const open = `<${name}${list.join(style % 3 === 1 ? '\n ' : '')}`;
  if (content === '' && style % 2 === 0) return `${open}/>`;
  const between = ['', '\n  ', '<!-- <order> ]]> -->', '<?order <a> ?>'][style % 4]!;
  const inside =
    typeof content !== 'string'
      ? content.map(([child, below]) => between + written(child, below, style + 1)).join('') + between
      : style % 5 === 0 && !/[\r]|]]>/.test(content) && content !== ''
        ? `<![CDATA[${content}]]>`
        : escaped(content);
  return `${open}>${inside}</${name} >`;
}

/** What must come of it. */
function meant({ attributes, content }: Tree, isRecord: boolean): unknown {
  const object: Record<string, unknown> = {};
  const put = (key: string, value: unknown): void => {
    const before = object[key];
    if (before === undefined) object[key] = value;
    else object[key] = Array.isArray(before) ? [...(before as unknown[]), value] : [before, value];
  };
  for (const [key, value] of Object.entries(attributes)) put(`@${key}`, value);
  const isLayout = typeof content === 'string' && content.includes('\n') && content.trim() === '';
  const isObject = Object.keys(attributes).length > 0 || typeof content !== 'string';
  if (!isObject && !(isRecord && (content === '' || isLayout))) return content;
  if (typeof content !== 'string') for (const [child, below] of content) put(child, meant(below, false));
  else if (content !== '' && !isLayout) put('=', content);
  return object;
}

test('any records that a conforming writer writes come back, wherever the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(tree, { maxLength: 5 }),
      fc.nat(11),
      fc.integer({ min: 1, max: 40 }),
      (records, style, piece) => {
        const document = `<?xml version='1.0' encoding="UTF-8"?>\n<!DOCTYPE orders>${written(
          'orders',
          { attributes: {}, content: records.length === 0 ? '' : records.map((record) => ['order', record] as const) },
          style,
        )}\n`;
        expect(values(document, { piece })).toEqual(records.map((record) => meant(record, true)));
      },
    ),
    { numRuns: 300 },
  );
});
