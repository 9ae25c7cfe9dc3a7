import type { SplitOptions } from '../rows/format-reader.ts';
import type { Splitter, Window } from '../rows/reading.ts';
import type { RecordPath } from './record-path.ts';
import { RecordScanner, type ScannedRecord } from './record-scanner.ts';
import { TagScanner } from './tag-scanner.ts';
import { xmlRefused } from './xml-error.ts';
import { XML_LIMITS } from './xml-limits.ts';

/**
 * The second reader: finds the records by the tags alone. A window ends with a record, among the same elements as the
 * first record, so that a parser can begin behind it. `fields` are a record's elements and attributes. Lines end with LF,
 * CR LF or CR; the further line ends of XML 1.1 are not counted.
 */
export class XmlSplitter implements Splitter {
  readonly #windowBytes: number;
  readonly #scanned: RecordScanner;
  readonly #scanner: TagScanner;
  #rest: Uint8Array = new Uint8Array(0);
  /** The elements around the first record. */
  #around: readonly string[] | undefined;
  #index: number;
  #start: number;
  #line: number;
  #record: number;
  #records = 0;
  #fields = 0;

  constructor(path: RecordPath, { windowBytes, from }: SplitOptions) {
    // Behind a window the elements of the path are open, whatever their prefixes.
    const around = from && from.index > 0 ? path.slice(0, -1).map(({ name }) => name) : [];
    this.#windowBytes = windowBytes;
    this.#index = from?.index ?? 0;
    this.#start = from?.start ?? 0;
    this.#line = from?.line ?? 1;
    this.#record = from?.record ?? 1;
    this.#scanned = new RecordScanner(path, around);
    this.#scanner = new TagScanner(this.#scanned, this.#line);
  }

  feed(bytes: Uint8Array, base: number, last: boolean, found: (window: Window) => void): number {
    const held = this.#rest.length;
    const all = held === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const end = base + bytes.length;
    const at = this.#scanner.feed(all, base - held);
    for (let record = this.#scanned.take(); record; record = this.#scanned.take()) this.#count(record, found);
    // A copy: what was given is written over.
    this.#rest = new Uint8Array(all.subarray(at));
    if (this.#rest.length > XML_LIMITS.tagBytes) {
      const why = `A tag is longer than ${XML_LIMITS.tagBytes} bytes.`;
      throw xmlRefused({ file: 'document', line: this.#scanner.line }, why, 'have it written in a plainer shape');
    }
    if (last) this.#close(end, this.#scanner.line, found);
    return end;
  }

  #count({ fields, end, endLine, around }: ScannedRecord, found: (window: Window) => void): void {
    this.#around ??= around;
    this.#records++;
    this.#fields += fields;
    if (end - this.#start < this.#windowBytes) return;
    if (around === this.#around || around.join('/') === this.#around.join('/')) this.#close(end, endLine, found);
  }

  #close(end: number, endLine: number, found: (window: Window) => void): void {
    found({
      index: this.#index,
      start: this.#start,
      end,
      line: this.#line,
      record: this.#record,
      records: this.#records,
      fields: this.#fields,
    });
    this.#index++;
    this.#start = end;
    this.#line = endLine;
    this.#record += this.#records;
    this.#records = 0;
    this.#fields = 0;
  }
}
