import { describe, expect, it } from 'vitest';
import type { Carrier, RowColumn, RowLayout } from '../../../../activities/ingest/rows/layout.ts';
import { readJson, readUntilKnown } from '../json/read-json.ts';

const INTEGER: Carrier = { kind: 'integer' };
const TEXT: Carrier = { kind: 'text' };
const column = (field: string, carrier: Carrier = TEXT, parts: Partial<RowColumn> = {}): RowColumn => ({
  name: field,
  field,
  carrier,
  required: false,
  onMisfit: 'suspect',
  ...parts,
});

const LAYOUT: RowLayout = {
  tables: [
    { name: 'orders', path: '', columns: [column('id', INTEGER, { required: true }), column('customer.name')] },
    { name: 'items', path: 'items[]', columns: [column('sku'), column('qty', INTEGER)] },
    { name: 'taxes', path: 'items[].taxes[]', columns: [column('value', INTEGER)] },
  ],
  key: [0],
  asJson: [],
  leftOut: [],
};

describe('A record that is made into rows', () => {
  it('names its nested rows by its key, wherever that stands', () => {
    const { good } = readJson(
      '{"items":[{"sku":"A","taxes":[1,2]},{"sku":"B","qty":2,"taxes":[3]}],"customer":{"name":"Ana"},"id":7}\n',
      { layout: LAYOUT },
    );
    expect(good).toEqual([
      [{ id: '7', 'customer.name': 'Ana', _line: '1', _offset: '0', _length: '102' }],
      [
        { sku: 'A', _parent: '7', _position: '1', _line: '1', _offset: '0' },
        { sku: 'B', qty: '2', _parent: '7', _position: '2', _line: '1', _offset: '0' },
      ],
      [
        { value: '1', _parent: '7.1', _position: '1', _line: '1', _offset: '0' },
        { value: '2', _parent: '7.1', _position: '2', _line: '1', _offset: '0' },
        { value: '3', _parent: '7.2', _position: '1', _line: '1', _offset: '0' },
      ],
    ]);
  });

  it('names them by several columns without mixing them up, or by its number', () => {
    const columns = [column('a'), column('b')];
    const layout: RowLayout = {
      ...LAYOUT,
      tables: [
        { name: 't', path: '', columns },
        { name: 'l', path: 'l[]', columns: [column('value')] },
      ],
      key: [1, 0],
    };
    const lines = [
      '{"a":"x|","b":"y"}',
      '{"a":"x","b":"|y"}',
      '{"a":"\\u00e9\\\\","b":1}',
      '{"a":"x"}',
      '{"a":"x","b":null}',
    ];
    const { good } = readJson(lines.map((line) => `${line.slice(0, -1)},"l":[0]}\n`).join(''), { layout });
    expect(good[1]!.map(({ _parent }) => _parent)).toEqual(['y|x\\|', '\\|y|x', '1|é\\\\', 'file:4', 'file:5']);
  });

  it('goes as a whole to the suspects if one cell of any row does not fit', () => {
    const { good, suspects, records } = readJson(
      [
        '{"id":1,"items":[{"sku":"A","qty":1,"taxes":[1]}]}',
        '{"id":2,"items":[{"sku":"B","qty":1,"taxes":[5]},{"sku":"C","qty":2.5,"taxes":[6]}]}',
        '{"id":3,"items":[{"sku":"D","qty":3,"taxes":[7,"x"]}]}',
        '{"items":[{"sku":"E"}]}',
        '{"id":5,"items":[{"sku":"F","qty":{"n":1}}]}',
        '{"id":6,"items":[]}',
      ].join('\n'),
      { layout: LAYOUT },
    );
    expect(records).toBe(6);
    expect(good.map((rows) => rows.map(({ id, sku, value }) => id ?? sku ?? value))).toEqual([
      ['1', '6'],
      ['A'],
      ['1'],
    ]);
    expect(suspects.map((rows) => rows.map(({ id, sku, value }) => id ?? sku ?? value))).toEqual([
      ['2', '3', undefined, '5'],
      ['B', 'C', 'D', 'E', 'F'],
      ['5', '6', '7', 'x'],
    ]);
    expect(suspects[1]!.map(({ qty, _parent, _position }) => [qty, _parent, _position])).toEqual([
      ['1', '2', '1'],
      ['2.5', '2', '2'],
      ['3', '3', '1'],
      [undefined, 'file:4', '1'],
      ['{"n":1}', '5', '1'],
    ]);
  });

  it('leaves no trace if it is broken at its end', () => {
    const { good, suspects, findings, broken } = readJson('{"id":1,"items":[{"sku":"A","new":1}],"more":2,,}\n', {
      layout: LAYOUT,
    });
    expect([good.flat(), suspects.flat(), findings, broken.length]).toEqual([[], [], [], 1]);
  });

  it('tells of fields that are not known, with the line and what they would fit', () => {
    const { findings } = readJson(
      '{"id":1}\n{"id":2,"x":{"y":1.5},"l":[{"v":"2024-01-01"}]}\n{"id":3,"x":{"y":"2"}}\n',
      {
        layout: LAYOUT,
      },
    );
    expect(findings.map(({ table, field, kind, line, evidence }) => [table, field, kind, line, evidence.fits])).toEqual(
      [
        ['', 'x.y', 'value', 2, ['text']],
        ['', 'l', 'list', 2, expect.any(Array)],
        ['l[]', 'v', 'value', 2, ['text', 'date']],
      ],
    );
  });

  it.each([
    ['a value and an object', '{"x":1}\n{"x":{"y":1}}', ['1', '{"y":1}']],
    ['a value and a list', '{"x":"1"}\n{"x": [ 1 ]}', ['"1"', '[ 1 ]']],
    ['an object and a list', '{"x":{"a":1}}\n{"x":[]}', ['{"a":1}', '[]']],
    ['an object that is empty', '{"x":{}}\n{"y":1}', ['{}', undefined]],
    ['a list of values and objects', '{"x":[1,{"value":1}]}', ['[1,{"value":1}]']],
    ['a list of values and objects, in two records', '{"x":[1]}\n{"x":[{"value":1}]}', ['[1]', '[{"value":1}]']],
  ])('keeps the text of what is sometimes one thing and sometimes another: %s', (_what, content, texts) => {
    const read = readUntilKnown(content);
    expect(read.good[0]!.map(({ x }) => x)).toEqual(texts);
  });

  it('keeps the text of objects that are maps', () => {
    const map = (from: number): string =>
      `{"m":{${Array.from({ length: 700 }, (_, i) => `"k${from + i}":${i}`).join(',')}}}`;
    const read = readUntilKnown(`${map(0)}\n${map(700)}\n`);
    expect(read.good[0]!.map(({ m }) => m)).toEqual([map(0), map(700)].map((line) => line.slice(5, -1)));
  });

  it('makes a column of what is always null, and an empty table of lists that are always empty', () => {
    const read = readUntilKnown('{"n":null,"l":[]}\n{"n":null}\n');
    expect(read.layout.tables.map(({ path, columns }) => [path, columns.map(({ field }) => field)])).toEqual([
      ['', ['n']],
      ['l[]', []],
    ]);
  });
});
