import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { AcequiaError } from '../../../../activities/failure/acequia-error.ts';
import { describe, expect, it } from 'vitest';
import { recordTree, write } from './json-tree.ts';
import { readJson, readUntilKnown } from './read-json.ts';

/** Whether a line is a record, by the JSON parser of the engine and what it lets pass. */
function isRecord(line: Uint8Array): boolean {
  if (!isUtf8(line)) return false;
  const text = Buffer.from(line).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  // Keys that stand twice are lost here: there are as many colons outside of strings as keys.
  const inStrings = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
  return keysOf(value) === inStrings.split(':').length - 1 && isWhole(value);
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value).reduce((sum: number, member) => sum + keysOf(member), 0);
  return inside + (Array.isArray(value) ? 0 : Object.keys(value).length);
}

/** No text in it holds a NUL character or half of a surrogate pair. */
function isWhole(value: unknown): boolean {
  if (typeof value === 'string') return Buffer.from(value).toString() === value && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, member]) => isWhole(key) && isWhole(member));
}

const reason = (text: string): string | undefined => readUntilKnown(text).broken[0]?.reason;

describe('A line that is no JSON', () => {
  it('is broken, and no other is', () => {
    const line = fc
      .tuple(
        recordTree,
        fc.infiniteStream(fc.nat()),
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { maxLength: 3 }),
      )
      .map(([tree, stream, changes]) => {
        let bytes = Buffer.from(write(tree, [' '], (below) => stream.next().value! % below));
        const pieces = [
          '"',
          '\\',
          ',',
          ':',
          '{',
          '}',
          '[',
          ']',
          '0',
          '-',
          '.',
          'e',
          'null',
          '\t',
          '\\u0061',
          '\\ud800',
        ];
        for (const [at, what, way] of changes) {
          const from = at % (bytes.length + 1);
          const piece = what % 20 === 19 ? Buffer.from([0xff]) : Buffer.from(pieces[what % pieces.length]!);
          bytes = Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(from + (way % 3))]);
        }
        return bytes;
      });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
        // A good first record, so that single values are no records.
        const content = Buffer.concat([
          Buffer.from('{"a":1}\n'),
          ...lines.map((one) => Buffer.concat([one, Buffer.from('\n')])),
        ]);
        const read = readUntilKnown(new Uint8Array(content), { windowBytes: 40 });
        const broken = lines.filter((one) => !/^[ \t\r]*$/.test(one.toString('latin1')) && !isRecord(one));
        expect(read.broken.map(({ text }) => text)).toEqual(
          broken.map((one) => one.toString('latin1').replace(/\r$/, '')),
        );
        for (const { line: number, text } of read.broken) {
          expect(content.toString('latin1').split('\n')[number - 1]).toBe(text);
        }
      }),
      { numRuns: 700 },
    );
  });

  it.each([
    ['{"a":NaN}', 'NaN and Infinity are not JSON (byte 6 of the record)'],
    ['{"a":-Infinity}', 'NaN and Infinity are not JSON (byte 6 of the record)'],
    ['{"a":1,}', 'a comma before a closing bracket (byte 8 of the record)'],
    ['{"a":[1,]}', 'a comma before a closing bracket (byte 9 of the record)'],
    ['{"a":01}', 'a comma or a closing bracket is missing (byte 7 of the record)'],
    ['{"a":+1}', 'not a JSON number (byte 6 of the record)'],
    ['{"a":1.}', 'not a JSON number (byte 6 of the record)'],
    ['{"a":.5}', 'not a JSON number (byte 6 of the record)'],
    ['{"a":}', 'a value is missing (byte 6 of the record)'],
    ["{'a':1}", 'a key in double quotes is missing (byte 2 of the record)'],
    ['{"a":\'x\'}', 'single quotes are not JSON (byte 6 of the record)'],
    ['{"a":1 /* one */}', 'a comma or a closing bracket is missing (byte 8 of the record)'],
    ['{"a":"x\ty"}', 'a control character, or the end, inside a string (byte 8 of the record)'],
    ['{"a":"x\\qy"}', 'an escape that JSON does not have (byte 8 of the record)'],
    ['{"a":"\\ud83d"}', 'half of a surrogate pair (byte 7 of the record)'],
    ['{"a":"x\\u0000"}', 'NUL character (byte 8 of the record)'],
    ['{"a":1,"a":2}', 'key "a" stands twice (byte 9 of the record)'],
    ['{"a":1,"\\u0061":2}', 'key "\\u0061" stands twice (byte 9 of the record)'],
    ['{"a":{"b":[{"c":1,"c":1}]}}', 'key "c" stands twice (byte 20 of the record)'],
    ['{"a":1} {"a":2}', 'more than one value (byte 9 of the record)'],
    ['{"a":{"b":1}', 'ends too early (byte 13 of the record)'],
    ['[1]', 'not an object (byte 1 of the record)'],
    ['{"a":\ufeff1}', 'a byte order mark inside the file (byte 6 of the record)'],
  ])('says why: %s', (line, why) => {
    expect(reason(`{"id":1}\n${line}\n`)).toBe(why);
  });

  it('is found also in what is kept as text or left out', () => {
    const layout = {
      tables: [{ name: 't', path: '', columns: [] }] as const,
      key: [],
      asJson: ['j'],
      leftOut: ['x'],
    };
    const broken = ['{"a":1,"\\u0061":2}', '[1,]', '"\\ud800"', '{"a":[1}', 'nul', '01', '{"a" 1}', '[[]'];
    for (const field of ['j', 'x']) {
      const content = broken.map((text) => `{"${field}":${text}}\n`).join('');
      expect(readUntilKnown(content, { layout }).broken).toHaveLength(broken.length);
    }
    const fine = readUntilKnown('{"j": {"a" : [1.10, "\\u0000"]} ,"x":{"b":{}}}\n{"j":null}\n', { layout });
    expect(fine.good[0]!.map(({ j }) => j)).toEqual(['{"a" : [1.10, "\\u0000"]}', undefined]);
    expect(Object.keys(fine.good[0]![0]!)).toEqual(['j', '_line', '_offset', '_length']);
  });

  it('may be a bomb', () => {
    const bomb = '['.repeat(1e6);
    expect(reason(`{"a":1}\n{"a":${bomb}}\n`)).toContain('nested too deeply');
    expect(reason(`{"a":1}\n${'{"a":'.repeat(2e5)}\n`)).toContain('nested too deeply');
    const layout = { tables: [{ name: 't', path: '', columns: [] }] as const, key: [], asJson: ['a'], leftOut: [] };
    expect(readUntilKnown(`{"a":${bomb}}\n`, { layout }).broken[0]?.reason).toContain('nested too deeply');
    const read = readUntilKnown(`[{"a":${bomb}${']'.repeat(1e6)}},{"a":1}]`, { format: 'json' });
    expect([read.broken.length, read.good[0]!.length]).toEqual([1, 1]);
    const deepest = `{"a":${'['.repeat(127)}${']'.repeat(127)}}`;
    expect(readJson(deepest).broken).toEqual([]);
    expect(readJson(`[${deepest}]`, { format: 'json' }).broken).toEqual([]);
  });
});

describe('Both readers', () => {
  const soup = fc
    .array(
      fc.oneof(
        fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', '\n', '\r', ' ', '1', 'a', '{"a":1}'),
        fc.nat(255),
      ),
      {
        maxLength: 60,
      },
    )
    .map(
      (parts) =>
        new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(typeof part === 'number' ? [part] : part)))),
    );
  const sizes = fc.record({
    windowBytes: fc.integer({ min: 1, max: 40 }),
    pieceBytes: fc.integer({ min: 1, max: 30 }),
  });

  it('count the same in lines of whatever bytes', () => {
    fc.assert(
      fc.property(soup, sizes, (bytes, size) => {
        const whole = readJson(bytes);
        const cut = readJson(bytes, size);
        expect({ ...cut, windows: [], findings: [] }).toEqual({ ...whole, windows: [], findings: [] });
      }),
      { numRuns: 1500 },
    );
  });

  it('count the same in documents of whatever bytes, unless the file is refused', () => {
    let accepted = 0;
    fc.assert(
      fc.property(soup, sizes, fc.boolean(), (bytes, size, isList) => {
        const content = isList ? new Uint8Array(Buffer.concat([Buffer.from('['), bytes, Buffer.from(']')])) : bytes;
        let whole;
        try {
          whole = readJson(content, { format: 'json' });
        } catch (error) {
          if (!(error instanceof AcequiaError)) throw error;
          expect(() => readJson(content, { format: 'json', ...size })).toThrow(error.message);
          return;
        }
        accepted += 1;
        const cut = readJson(content, { format: 'json', ...size });
        expect({ ...cut, windows: [], findings: [] }).toEqual({ ...whole, windows: [], findings: [] });
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
