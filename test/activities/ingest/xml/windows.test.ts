import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RowLayout } from '../../../../activities/ingest/rows/layout.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { column, layoutOf, readFileRows, type FileReading, type FileRows } from './file-rows.ts';

const INTEGER = { kind: 'integer' } as const;
const LAYOUT: RowLayout = {
  tables: [
    { name: 'orders', path: '', columns: [column('@id', INTEGER), column('who'), column('who.@vip')] },
    { name: 'lines', path: 'line[]', columns: [column('sku'), column('qty', INTEGER)] },
  ],
  key: [0],
  asJson: [],
  leftOut: [],
};
const SMALL = { sizes: { windowBytes: 300, smallBytes: 0 } };
const ALONE = { sizes: { windowBytes: 8 << 20, smallBytes: 1 << 20 } };

async function read(
  document: string,
  reading: FileReading,
  layout = LAYOUT,
  records = 'orders/order',
): Promise<FileRows> {
  const path = join(await temporaryFolder(), 'in.xml');
  writeFileSync(path, document);
  return readFileRows(path, { kind: 'xml', records }, layout, reading);
}

const order = (id: number): string => `<order id="${id}">
  <who vip="no">Ann ${id}</who><line><sku>A</sku><qty>${id === 77 ? 'many' : id}</qty></line>
  <!-- <order> --><line><sku>B</sku><qty>2</qty></line>${id === 50 ? 'x' : ''}
</order>`;
const ORDERS = Array.from({ length: 200 }, (_, index) => order(index + 1)).join('\n');

describe('a document cut into windows', () => {
  test('gives the rows that it gives in one piece: parents, lists, suspects, broken records, places', async () => {
    const document = `<?xml version="1.0"?>\n<orders>\n${ORDERS}\n</orders>\n<!-- end -->\n`;
    const whole = await read(document, ALONE);
    const cut = await read(document, SMALL);
    expect(cut.summary.records).toBe(200);
    expect([cut.good, cut.suspect, cut.broken]).toEqual([whole.good, whole.suspect, whole.broken]);
    expect(cut.good['orders']?.length).toBe(198);
    expect(cut.good['orders']?.at(-1)).toMatchObject({ '@id': '200', who: 'Ann 200', 'who.@vip': 'no', _line: '799' });
    expect(cut.good['lines']?.at(-1)).toMatchObject({
      sku: 'B',
      qty: '2',
      _parent: '200',
      _position: '2',
      _line: '799',
    });
    expect(cut.suspect['lines']).toMatchObject([{ qty: 'many', _parent: '77' }, { qty: '2' }]);
    expect(cut.broken).toMatchObject([{ _line: '199', reason: 'text between elements', record: order(50) }]);
  });

  test('of XML 1.1, with prefixes and several lists, too', async () => {
    const part = (prefix: string): string => `<${prefix}:part xmlns:${prefix}="u">${ORDERS}</${prefix}:part>`;
    const document = `<?xml version="1.1"?><all>${part('a')}${part('b')}${part('a')}</all>`;
    const whole = await read(document, ALONE, LAYOUT, 'all/part/order');
    const cut = await read(document, SMALL, LAYOUT, 'all/part/order');
    expect(cut.summary.records).toBe(600);
    expect(cut.good).toEqual(whole.good);
  });

  test.each([
    ['an end too many', `<orders>${ORDERS}</orders></orders>`],
    ['an end too early', `<orders>${ORDERS}</orders>${ORDERS}`],
    ['another end', `<orders>${ORDERS}</order>`],
    ['no end', `<orders>${ORDERS}`],
    ['a wrong end in the middle', `<orders>${ORDERS}</x>${ORDERS}</orders>`],
    ['an element that does not end', `<orders>${ORDERS}<x>${ORDERS}</orders>`],
    ['an attribute that does not end', `<orders>${ORDERS}<order a="1>${ORDERS}</orders>`],
    ['a document type in the middle', `<orders>${ORDERS}<!DOCTYPE x>${ORDERS}</orders>`],
    ['a declaration in the middle', `<orders>${ORDERS}<?xml version="1.0"?>${ORDERS}</orders>`],
  ])('is refused as in one piece: %s', async (_, document) => {
    await expect(read(document, ALONE)).rejects.toMatchObject({ type: 'SourceCorrupt' });
    await expect(read(document, SMALL)).rejects.toMatchObject({ type: 'SourceCorrupt' });
  });
});

test('a single element that repeats in any record is found to be a list', async () => {
  const { summary } = await read(
    '<orders><order><a>1</a></order><order><a>1</a><a>2</a></order></orders>',
    ALONE,
    layoutOf(column('a')),
  );
  expect(summary.findings.map(({ table, field, kind, line }) => [table, field, kind, line])).toEqual([
    ['', 'a', 'list', 1],
  ]);
});

test('a sample is read as far as whole windows go', async () => {
  const document = `<orders>${ORDERS.repeat(40)}</orders>`;
  const { summary } = await read(document, { sampleBytes: 200_000 }, layoutOf());
  expect(summary.records).toBeGreaterThan(100);
  expect(summary.findings.map(({ field, kind }) => [field, kind])).toEqual(
    expect.arrayContaining([
      ['@id', 'value'],
      ['who.@vip', 'value'],
      ['line', 'list'],
    ]),
  );
});
