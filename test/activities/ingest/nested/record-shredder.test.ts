import { describe, expect, it } from 'vitest';
import { RecordShredder } from '../../../../activities/ingest/nested/record-shredder.ts';
import type { RowLayout } from '../../../../activities/ingest/rows/layout.ts';
import { BuiltRows } from './built-rows.ts';
import { EMPTY_LAYOUT, mendLayout, textColumn } from './mend-layout.ts';

/** An element: a text, or its own text under `''` and its members in order; a JSON text where the layout wants one. */
type Element = string | null | readonly (readonly [string, Element])[];

function shred(records: readonly Element[], layout: RowLayout): BuiltRows {
  const output = new BuiltRows(layout);
  const shredder = new RecordShredder({ layout, output, name: 'file' });
  const tell = (element: Element): void => {
    if (element === null) shredder.nothing();
    else if (typeof element === 'string') shredder.value(element, 'plain');
    else {
      shredder.startObject();
      for (const [name, member] of element) {
        if (name === '') {
          shredder.value(String(member), 'plain');
          continue;
        }
        shredder.key(name);
        const wants = shredder.wants();
        if (wants === 'events') tell(member);
        else if (wants === 'whole') shredder.whole(JSON.stringify(member));
      }
      shredder.endObject();
    }
  };
  records.forEach((record, index) => {
    shredder.startRecord();
    tell(record);
    shredder.endRecord({ offset: index, length: 1, line: index + 1, record: index + 1 });
  });
  shredder.settle();
  return output;
}

function shredUntilKnown(records: readonly Element[], from = EMPTY_LAYOUT): { layout: RowLayout; good: unknown[][] } {
  let layout = from;
  for (let times = 0; times < 10; times += 1) {
    const output = shred(records, layout);
    const findings = output.findings.all();
    if (findings.length === 0) {
      const cells = output.good.map((rows) =>
        rows.map((row) =>
          Object.fromEntries(Object.entries(row).filter(([name]) => !/^_(line|offset|length)$/.test(name))),
        ),
      );
      return { layout, good: cells };
    }
    layout = mendLayout(layout, findings);
  }
  throw new Error('There is always something new.');
}

describe('Records without lists of their own', () => {
  it('have a list where a key comes again, wherever it stands', () => {
    const { good, layout } = shredUntilKnown([
      [
        ['id', '1'],
        ['tag', 'a'],
      ],
      [
        ['tag', 'b'],
        ['id', '2'],
        ['tag', 'c'],
        ['tag', null],
      ],
    ]);
    expect(layout.tables.map(({ path }) => path)).toEqual(['', 'tag[]']);
    expect(good).toEqual([
      [
        { id: '1', _row: 'file:1' },
        { id: '2', _row: 'file:2' },
      ],
      [
        { value: 'a', _parent: 'file:1', _position: '1' },
        { value: 'b', _parent: 'file:2', _position: '1' },
        { value: 'c', _parent: 'file:2', _position: '2' },
        { _parent: 'file:2', _position: '3' },
      ],
    ]);
  });

  it('may have a text beside their members', () => {
    const { good } = shredUntilKnown([
      [
        [
          'price',
          [
            ['@unit', 'EUR'],
            ['', '5'],
          ],
        ],
        ['', 'own'],
      ],
      [
        ['price', '6'],
        [
          'item',
          [
            ['@n', '1'],
            ['', 'x'],
          ],
        ],
        ['item', 'y'],
        ['item', [['value', 'z']]],
      ],
    ]);
    expect(good).toEqual([
      [
        { 'price.@unit': 'EUR', price: '5', value: 'own', _row: 'file:1' },
        { price: '6', _row: 'file:2' },
      ],
      [
        { '@n': '1', value: 'x', _parent: 'file:2', _position: '1' },
        { value: 'y', _parent: 'file:2', _position: '2' },
        { value: 'z', _parent: 'file:2', _position: '3' },
      ],
    ]);
  });

  it('lose nothing where a text stands beside a member called value', () => {
    const { good, layout } = shredUntilKnown([
      [
        ['value', '1'],
        ['', '2'],
      ],
    ]);
    expect(layout.tables[1]?.path).toBe('value[]');
    expect(good[1]!.map((row) => row)).toMatchObject([{ value: '1' }, { value: '2' }]);
  });

  it('have lists in lists', () => {
    const { good } = shredUntilKnown([
      [
        [
          'a',
          [
            ['b', '1'],
            ['b', '2'],
          ],
        ],
        ['a', [['b', '3']]],
      ],
      [['a', [['c', [['d', 'x']]]]]],
    ]);
    expect(good[2]).toEqual([
      { value: '1', _parent: 'file:1.1', _position: '1' },
      { value: '2', _parent: 'file:1.1', _position: '2' },
      { value: '3', _parent: 'file:1.2', _position: '1' },
    ]);
    expect(good[1]).toMatchObject([{ _position: '1' }, { _position: '2' }, { 'c.d': 'x' }]);
  });

  it('keep as JSON text what the layout wants so, several as a list, and pass over what is left out', () => {
    const layout: RowLayout = {
      ...EMPTY_LAYOUT,
      tables: [{ name: 't', path: '', columns: [textColumn('j')] }],
      asJson: ['j'],
      leftOut: ['x', 'y.z'],
    };
    const record: Element = [
      ['j', '1'],
      ['x', '0'],
      ['x', '0'],
      [
        'y',
        [
          ['z', '0'],
          ['z', '1'],
        ],
      ],
    ];
    const { good } = shredUntilKnown(
      [
        record,
        [
          ['j', 'a'],
          ['j', 'b'],
        ],
      ],
      layout,
    );
    expect(good).toEqual([[{ j: '"1"' }, { j: '["a","b"]' }]]);
  });

  it('are forgotten if they break', () => {
    const output = new BuiltRows(EMPTY_LAYOUT);
    const shredder = new RecordShredder({ layout: EMPTY_LAYOUT, output, name: 'file' });
    shredder.startRecord();
    shredder.startObject();
    shredder.key('a');
    shredder.value('1', 'plain');
    shredder.dropRecord();
    shredder.settle();
    expect([output.good[0], output.findings.all()]).toEqual([[], []]);
  });
});
