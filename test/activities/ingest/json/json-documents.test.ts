import { describe, expect, it } from 'vitest';
import type { Window } from '../../../../activities/ingest/rows/reading.ts';
import { readUntilKnown, windowsOf } from './read-json.ts';

const json = (content: string, records = ''): ReturnType<typeof readUntilKnown> =>
  readUntilKnown(content, { format: 'json', records, windowBytes: 8, pieceBytes: 5 });

describe('A JSON document', () => {
  it.each([
    ['a list', '[{"a":1},{"a":2}]', '', ['1', '2']],
    ['an empty list', ' [ ] ', '', []],
    ['nothing', ' \n', '', []],
    ['one record', '{"a":1}', '', ['1']],
    ['records one after the other', '{"a":1}{"a":2}\n{\n"a":3}', '', ['1', '2', '3']],
    ['lists one after the other', '[{"a":1}][{"a":2}]\n[]', '', ['1', '2']],
    ['a list at a path', '{"n":0,"d":{"x":[1],"items":[{"a":1},{"a":2}],"y":"]"}}', 'd.items', ['1', '2']],
    ['a list at a path, in several documents', '{"i":[{"a":1}]}{"i":[]}\n{"i":[{"a":2}],"next":null}', 'i', ['1', '2']],
    ['one record at a path', '{"i":{"a":1},"j":{"a":2}}', 'i', ['1']],
    ['null at a path', '{"i":null}', 'i', []],
    ['a path with points in a key', '{"a.b":[{"a":1}]}', '"a.b"', ['1']],
    ['a path with an escaped key', '{"\\u0069":[{"a":1}]}', 'i', ['1']],
    ['a byte order mark', '\ufeff[{"a":1}]', '', ['1']],
  ])('holds %s', (_what, content, records, values) => {
    const read = json(content, records);
    expect(read.good[0]!.map(({ a }) => a)).toEqual(values);
    expect(read.broken).toEqual([]);
  });

  it('loses a broken record whose end is known, and no other', () => {
    const read = json('[\n{"a":1},\n{"a":NaN},\n{"b":"x\ny"}, nul, {"a":2,}, {"a":3}\n]');
    expect(read.good[0]!.map(({ a }) => a)).toEqual(['1', '3']);
    expect(read.broken.map(({ line, offset, text }) => [line, offset, text])).toEqual([
      [3, 11, '{"a":NaN}'],
      [4, 22, '{"b":"x\ny"}'],
      [5, 35, 'nul'],
      [5, 40, '{"a":2,}'],
    ]);
    expect(read.good[0]!.map(({ _line, _offset, _length }) => [_line, _offset, _length])).toEqual([
      ['2', '2', '7'],
      ['5', '50', '7'],
    ]);
  });

  it.each([
    ['[{"a":1}', 'file:1:9', 'the file ends too early'],
    ['[{"a":1},\n{"a":', 'file:2:6', 'the file ends inside a record'],
    ['[{"a":"x}]', 'file:1:11', 'the file ends inside a record'],
    ['[{"a":1},]', 'file:1:10', 'a comma before a closing bracket'],
    ['[{"a":1},,{"a":2}]', 'file:1:10', 'a comma without a value before it'],
    ['[{"a":1} {"a":2}]', 'file:1:10', 'a comma between two records is missing'],
    ['[{"a":[1}]', 'file:1:9', 'a bracket is closed by one of another kind'],
    ['[{"a":1}]]', 'file:1:10', 'a bracket or colon that belongs to nothing'],
    ['{"a":1},{"a":2}', 'file:1:8', 'a comma without a value before it'],
  ])('that is broken around its records is refused: %s', (content, where, why) => {
    expect(() => json(content)).toThrow(expect.objectContaining({ type: 'SourceCorrupt', where }));
    expect(() => json(content)).toThrow(why);
  });

  it.each([
    ['{"i":[{"a":1}],"i":[{"a":2}]}', 'a key around the records stands twice'],
    ['{"x":NaN,"i":[]}', 'not a JSON value'],
    ['{"x":[1,],"i":[]}', 'not a JSON value'],
    ['{"x":"\\q","i":[]}', 'an escape that JSON does not have'],
    ['{"i":[],}', 'a key in double quotes is missing'],
    ['{"i":[]', 'the file ends too early'],
    ['{"i" []}', 'a colon is missing after a key'],
    [`{"x":${'['.repeat(1e5)}`, 'nested too deeply'],
  ])('that is broken beside its records is refused: %s', (content, why) => {
    expect(() => json(content, 'i')).toThrow(why);
  });

  it.each(['{"j":[]}', '{"i":5}', '{"i":"x"}', '[{"i":[]}]', '{"i":[]}{"k":1}'])(
    'without records at the path is refused: %s',
    (content) => {
      expect(() => json(content, 'i')).toThrow(expect.objectContaining({ type: 'SourceUnreadable' }));
    },
  );

  it('can be read again from any window, record by record', () => {
    const bytes = new Uint8Array(Buffer.from('{"i":[{"a":1}, {"a":[2,\n3]} ,7,\n"x,]"],"k":1}\n{"i":[{"a":9}]}'));
    const reading = { format: 'json', records: 'i' } as const;
    const whole = windowsOf(bytes, reading, { windowBytes: 1 << 20 }, 1 << 20);
    const single = windowsOf(bytes, reading, { windowBytes: 1 }, 3);
    expect(whole.map(({ records, fields }) => [records, fields])).toEqual([
      [4, 2],
      [1, 1],
    ]);
    const again = whole.flatMap((from) => windowsOf(bytes.slice(0, from.end), reading, { windowBytes: 1, from }, 3));
    const place = ({ line, record, records, fields, start }: Window): unknown => [line, record, records, fields, start];
    expect(again.map(place)).toEqual(single.map(place));
  });
});
