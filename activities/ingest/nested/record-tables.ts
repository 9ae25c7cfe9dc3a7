import { namesRows } from '../../names/provenance.ts';
import type { RecordOutput } from '../rows/record-output.ts';
import type { RowBuilder } from '../rows/row-builder.ts';
import type { RowLayout } from '../rows/layout.ts';
import type { ValueKind } from '../types/classify.ts';
import type { FieldNode } from './field-node.ts';
import { FieldReport, type Repeats } from './field-report.ts';
import type { FieldTree } from './field-tree.ts';
import { ParentKeys } from './parent-keys.ts';
import type { RecordPlace } from './record-events.ts';
import {
  CELL,
  CELL_ENTER,
  CELL_LEAVE,
  CELL_SEEN_NULL,
  CELL_SEEN_SHAPE,
  CELL_SEEN_VALUE,
  CELL_VALUE,
  IN_SCRATCH,
  KIND_BOOLEAN,
  KIND_MASK,
  KIND_NUMBER,
  KIND_STRING,
  type RecordTape,
} from './record-tape.ts';
import { SeenField } from './seen-field.ts';

const SAYS = 7;
const KINDS: readonly ValueKind[] = ['plain', 'string', 'number', 'boolean'];

export interface RecordTablesOptions {
  readonly layout: RowLayout;
  readonly output: RecordOutput;
  /** The file's name for people: nested rows of records without a key are named by it. */
  readonly name: string;
  readonly repeats: Repeats;
}

/**
 * Puts what is on a tape into the rows of its tables. A record is one unit: where one cell of any of its rows is a
 * misfit, all its rows go to the suspects, as text.
 */
export class RecordTables {
  private readonly tree: FieldTree;
  private readonly tape: RecordTape;
  private readonly good: (RowBuilder | undefined)[];
  private readonly suspect: (RowBuilder | undefined)[];
  /** By table of the tree: how many columns come before its provenance. */
  private readonly widths: readonly number[];
  private readonly namesRows: boolean;
  private readonly marks: Float64Array;
  private readonly keys: ParentKeys;
  private readonly report: FieldReport;
  private readonly met = new Set<FieldNode>();

  constructor(tree: FieldTree, tape: RecordTape, { layout, output, name, repeats }: RecordTablesOptions) {
    this.tree = tree;
    this.tape = tape;
    this.good = tree.tables.map((table) => output.tables[table.output]?.good);
    this.suspect = tree.tables.map((table) => output.tables[table.output]?.suspect);
    this.widths = tree.tables.map((table) => layout.tables[table.output]?.columns.length ?? 0);
    this.namesRows = namesRows(layout.key, layout.tables);
    this.marks = new Float64Array(tree.tables.length);
    this.keys = new ParentKeys(tree, tape, layout.key, name);
    this.report = new FieldReport(tree, output, repeats);
  }

  /** The tape's record becomes rows. Values that are not in the tape's scratch stand in `bytes`. */
  put(bytes: Uint8Array, place: RecordPlace): 'good' | 'suspect' {
    const { good, marks } = this;
    for (let table = 0; table < good.length; table += 1) {
      const rows = good[table];
      if (rows === undefined) continue;
      rows.line = place.line;
      marks[table] = rows.rows;
    }
    if (this.write(good, bytes, place)) {
      return 'good';
    }
    for (let table = 0; table < good.length; table += 1) good[table]?.rewind(marks[table]!);
    this.write(this.suspect, bytes, place);
    return 'suspect';
  }

  /** At the end of a window: what was met that the layout does not know is told. */
  settle(): void {
    if (this.met.size > 0) this.report.tell(this.met);
  }

  /** Notes of the tape's record what the layout does not know. */
  note(bytes: Uint8Array, line: number): void {
    const { tape, tree } = this;
    const { cells, length } = tape;
    for (let at = 0; at < length; at += CELL) {
      const what = cells[at]!;
      const says = what & SAYS;
      if (says < CELL_SEEN_VALUE) continue;
      const node = tree.nodes[cells[at + 1]!]!;
      const seen = (node.seen ??= new SeenField(line));
      this.met.add(node);
      if (says === CELL_SEEN_NULL) seen.nulls += 1;
      else if (says === CELL_SEEN_SHAPE) seen.shapes |= cells[at + 2]!;
      else {
        seen.shapes |= 1;
        const source = (what & IN_SCRATCH) === 0 ? bytes : tape.scratch;
        seen.value().see(KINDS[(what & KIND_MASK) >> 3]!, source, cells[at + 2]!, cells[at + 3]!, line);
      }
    }
  }

  private write(builders: readonly (RowBuilder | undefined)[], bytes: Uint8Array, place: RecordPlace): boolean {
    const { tape, tree, keys, widths } = this;
    const { cells, length } = tape;
    let table = 0;
    let rows = builders[0]!;
    let strange = false;
    keys.begin(bytes, place.record);
    for (let at = 0; at < length; at += CELL) {
      const what = cells[at]!;
      switch (what & SAYS) {
        case CELL_VALUE: {
          const source = (what & IN_SCRATCH) === 0 ? bytes : tape.scratch;
          if (!putValue(rows, what & KIND_MASK, cells[at + 1]!, source, cells[at + 2]!, cells[at + 3]!)) return false;
          break;
        }
        case CELL_ENTER: {
          table = cells[at + 1]!;
          keys.enter(table);
          const nested = builders[table];
          if (nested === undefined) break;
          rows = nested;
          const width = widths[table]!;
          const parent = tree.tables[table]!.level - 1;
          rows.text(width, tape.scratch, keys.from[parent]!, keys.to[parent]!);
          rows.integer(width + 1, keys.positions[table]!);
          rows.integer(width + 3, place.line);
          rows.integer(width + 4, place.offset);
          break;
        }
        case CELL_LEAVE: {
          const left = builders[table];
          if (left !== undefined && !left.endRow()) return false;
          table = tree.tables[table]!.parent;
          rows = builders[table] ?? rows;
          break;
        }
        default:
          strange = true;
      }
    }
    const width = widths[0]!;
    rows.integer(width + 1, place.line);
    rows.integer(width + 2, place.offset);
    rows.integer(width + 3, place.length);
    if (this.namesRows) {
      keys.name();
      rows.text(width + 4, tape.scratch, keys.from[0]!, keys.to[0]!);
    }
    if (!rows.endRow()) return false;
    if (strange) this.note(bytes, place.line);
    return true;
  }
}

function putValue(
  rows: RowBuilder,
  kind: number,
  column: number,
  bytes: Uint8Array,
  from: number,
  to: number,
): boolean {
  if (kind === KIND_STRING) return rows.string(column, bytes, from, to);
  if (kind === KIND_NUMBER) return rows.number(column, bytes, from, to);
  if (kind === KIND_BOOLEAN) return rows.boolean(column, bytes, from, to);
  return rows.value(column, bytes, from, to);
}
