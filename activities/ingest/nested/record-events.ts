import type { ValueKind } from '../types/classify.ts';

/**
 * What a parser of a format without lists of its own (XML) tells the shredder, one record after the other. Nothing
 * reaches a table before `endRecord`: a record that breaks half-way leaves no trace (`dropRecord`).
 *
 *     startRecord  startObject  key 'id' value '1'  key 'item' startObject key 'sku' value 'A' endObject
 *                               key 'item' startObject key 'sku' value 'B' endObject  endObject  endRecord
 *
 * A key that comes again in the same object is the next entry of a list, wherever it stands, and a key that the layout
 * knows as a list takes single entries. An object may have a `value` of its own too (an element's text beside its
 * attributes and children), without a `key` before it: it goes to the field of the object itself, and of records and
 * list entries to their field `value`, as does a record or entry that is a single value.
 */
export interface RecordEvents {
  startRecord(): void;
  /** The next value or object belongs to this field of the open object. */
  key(name: string): void;
  /** A single value. `kind` says what it was written as: `plain` where the format has no kinds. */
  value(text: string, kind: ValueKind): void;
  /** No value: the cell stays NULL, as if the key were missing. In a list it is an entry of NULLs. */
  nothing(): void;
  startObject(): void;
  endObject(): void;
  /** What the layout makes of the value after `key`: `whole` wants `whole(text)` in its place, `none` no events at all for it. */
  wants(): 'events' | 'whole' | 'none';
  /** The coming value as JSON text, for a column that keeps it so (`layout.asJson`). */
  whole(text: string): void;
  /** The record goes to its tables, all of it: good, or as text to the suspects. */
  endRecord(place: RecordPlace): 'good' | 'suspect';
  /** The record is broken: forgotten. */
  dropRecord(): void;
  /** At the end of each window (of the file, where it is one window): tells the output of fields that the layout does not know. */
  settle(): void;
}

export type { ValueKind } from '../types/classify.ts';

/** Where a record stands in the file: bytes, 1-based line, 1-based number of the record. */
export interface RecordPlace {
  readonly offset: number;
  readonly length: number;
  readonly line: number;
  readonly record: number;
}
