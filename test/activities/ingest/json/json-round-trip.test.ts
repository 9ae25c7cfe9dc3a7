import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyPath } from '../../../../activities/ingest/nested/field-path.ts';
import type { RowLayout } from '../../../../activities/ingest/rows/layout.ts';
import { anyTree, recordTree, type Tree, write } from './json-tree.ts';
import { readUntilKnown, type Read } from './read-json.ts';

/** The rows that records must become by a layout. Fails for a value that the layout has no place for. */
class Expected {
  readonly rows: Record<string, string>[][];
  private readonly layout: RowLayout;

  constructor(layout: RowLayout) {
    this.layout = layout;
    this.rows = layout.tables.map(() => []);
  }

  record(tree: Tree, number: number): void {
    const called = `file:${number}`;
    const row: Record<string, string> = this.layout.tables.length > 1 ? { _row: called } : {};
    this.rows[0]!.push(row);
    const own = tree.kind === 'object' || this.layout.asJson.length + this.layout.tables[0].columns.length === 0;
    this.put(tree, '', own ? '' : 'value', row, called);
  }

  private put(tree: Tree, table: string, field: string, row: Record<string, string>, called: string): void {
    if (tree.kind === 'null') return;
    const path = table === '' ? field : field === '' ? table : `${table}.${field}`;
    if (this.layout.asJson.includes(path) || this.layout.asJson.includes(`${table}.`)) {
      this.cell(row, table, field, tree.text!);
    } else if (tree.kind === 'scalar') this.cell(row, table, field === '' ? 'value' : field, tree.value);
    else if (tree.kind === 'object') {
      for (const [key, member] of tree.members) this.put(member, table, keyPath(field, key), row, called);
    } else this.list(tree.entries, `${path}[]`, called);
  }

  private list(entries: readonly Tree[], path: string, called: string): void {
    const table = this.layout.tables.findIndex((known) => known.path === path);
    expect(table, path).toBeGreaterThan(0);
    entries.forEach((entry, index) => {
      const row = { _parent: called, _position: String(index + 1) };
      this.rows[table]!.push(row);
      this.put(entry, path, '', row, `${called}.${index + 1}`);
    });
  }

  private cell(row: Record<string, string>, table: string, field: string, text: string): void {
    const columns = this.layout.tables.find(({ path }) => path === table)?.columns ?? [];
    expect(columns.map((column) => column.field)).toContain(field);
    row[`=${field}`] = text;
  }
}

function actual({ good }: Read): Record<string, string>[][] {
  return good.map((rows, table) =>
    rows.map((row) => {
      const { _line, _offset, _length, ...rest } = row;
      const provenance = table === 0 ? ['_row'] : ['_parent', '_position'];
      const named = Object.entries(rest).map(([name, text]) => [provenance.includes(name) ? name : `=${name}`, text]);
      return Object.fromEntries(named) as Record<string, string>;
    }),
  );
}

function expectSame(read: Read, trees: readonly Tree[]): void {
  expect(read.broken).toEqual([]);
  expect(read.suspects.flat()).toEqual([]);
  const expected = new Expected(read.layout);
  trees.forEach((tree, index) => expected.record(tree, index + 1));
  const mine = actual(read);
  for (const [index, rows] of expected.rows.entries()) {
    // Nested rows of one record stand in the order of the text, as the expected ones do.
    expect(mine[index]).toEqual(rows);
  }
}

const chooser = fc.infiniteStream(fc.nat({ max: 1 << 20 }));
const sizes = fc.record({
  windowBytes: fc.integer({ min: 1, max: 300 }),
  pieceBytes: fc.integer({ min: 1, max: 200 }),
});

describe('JSON that is read', () => {
  it('is all there, line by line', () => {
    fc.assert(
      fc.property(fc.array(recordTree, { maxLength: 6 }), chooser, sizes, (trees, stream, size) => {
        const choose = (below: number): number => stream.next().value! % below;
        const lines = trees.map((tree) => write(tree, [' ', '\t', '  '], choose));
        const ends = trees.map(() => ['\n', '\r\n', '\n\n', '\n \t\r\n'][choose(4)]!);
        const content = lines.map((line, index) => `${line}${ends[index]!}`).join('');
        const read = readUntilKnown(content, size);
        expect(read.records).toBe(trees.length);
        expectSame(read, trees);
      }),
      { numRuns: 250 },
    );
  });

  it('is all there in documents of every form', () => {
    const spaces = [' ', '\n', '\r\n', '\t\n  '];
    fc.assert(
      fc.property(
        fc.array(recordTree, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('list', 'documents', 'wrapped', 'pages'),
        chooser,
        sizes,
        (trees, form, stream, size) => {
          const choose = (below: number): number => stream.next().value! % below;
          const list = (some: readonly Tree[]): string =>
            `[${some.map((tree) => ` ${write(tree, spaces, choose)}${spaces[choose(4)]!}`).join(',')}]`;
          const page = (some: readonly Tree[]): string =>
            `{"next": "a\\"]}", "data": {"n": [1, {"items": []}], "items": ${list(some)}, "z": null}}\n`;
          const content = {
            list: () => list(trees),
            documents: () => trees.map((tree) => write(tree, spaces, choose)).join(choose(2) ? '\n' : ''),
            wrapped: () => page(trees),
            pages: () => trees.map((tree) => page([tree])).join(''),
          }[form]();
          const records = form === 'wrapped' || form === 'pages' ? 'data.items' : '';
          const read = readUntilKnown(content, { format: 'json', records, ...size });
          expect(read.records).toBe(trees.length);
          expectSame(read, trees);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('may be values of any kind, if all are', () => {
    const values = fc.array(
      anyTree.filter(({ kind }) => kind !== 'object'),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(values, chooser, (trees, stream) => {
        const choose = (below: number): number => stream.next().value! % below;
        const read = readUntilKnown(trees.map((tree) => write(tree, [' '], choose)).join('\n'));
        const column = trees.map((tree) => {
          if (tree.kind === 'null') return undefined;
          return tree.kind === 'scalar' && read.layout.asJson.length === 0 ? tree.value : tree.text;
        });
        expect(read.broken).toEqual([]);
        expect(read.good[0]!.map(({ value }) => value)).toEqual(column);
      }),
      { numRuns: 200 },
    );
  });
});
