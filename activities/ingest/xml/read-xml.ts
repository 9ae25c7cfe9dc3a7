import { closeSync, openSync, readSync } from 'node:fs';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { RecordEvents } from '../nested/record-events.ts';
import type { Counted, WindowBytes } from '../rows/format-reader.ts';
import type { RecordOutput } from '../rows/record-output.ts';
import { RecordElements, type RecordListener } from './record-elements.ts';
import { recordPathText, type RecordPath } from './record-path.ts';
import { recordsUnknown, xmlRefused } from './xml-error.ts';
import { XML_LIMITS, type XmlLimits } from './xml-limits.ts';
import { XmlParser, type XmlStart } from './xml-parser.ts';

export interface XmlReading {
  /** The file's name for people. */
  readonly name: string;
  readonly records: RecordPath;
  readonly events: RecordEvents;
  readonly output: Pick<RecordOutput, 'broken' | 'warn' | 'settle'>;
  /** Begin inside of the document. */
  readonly from?: XmlStart;
  /** Number of the first record. */
  readonly record: number;
  /** Names of the elements that must be open where the bytes end. Absent: the document must end there. */
  readonly until?: readonly string[];
  readonly limits?: XmlLimits;
}

/** Bytes that are parsed at once. */
const SLICE = 64 * 1024;
const KEPT_BYTES = 64 * 1024;
const MOST_OUTSIDE = 20;

/**
 * Makes records of a document, or of a part of it, and says where each stands. Errors: `SourceCorrupt`, `SourceRefused`,
 * `ReadersDisagree`.
 */
export class XmlReader implements RecordListener {
  readonly #reading: XmlReading;
  readonly #limits: XmlLimits;
  readonly #parser: XmlParser;
  readonly #elements: RecordElements;
  readonly #outside = new Set<string>();
  #path = '';
  #records = 0;
  #fields = 0;
  /** Of the record that is read. */
  #start = { offset: 0, line: 1 };

  constructor(reading: XmlReading) {
    const { records, events, name, from, limits = XML_LIMITS } = reading;
    this.#reading = reading;
    this.#limits = limits;
    this.#elements = new RecordElements(records, events, this, limits.textBytes, from?.around);
    this.#parser = new XmlParser(name, this.#elements, limits, from);
  }

  read(bytes: WindowBytes): Counted {
    const { until, events } = this.#reading;
    this.#path = bytes.path;
    bytes.each((piece, base, last) => this.#readPiece(piece, base, last));
    if (until) this.#expectOpen(until);
    else this.#end();
    events.settle();
    return { records: this.#records, fields: this.#fields };
  }

  started(): void {
    this.#start = this.#parser.tagStart;
  }

  ended(fields: number, problem: string | undefined): void {
    const { events, output, record: first } = this.#reading;
    const { offset, line } = this.#start;
    const place = { offset, line, length: this.#parser.offset - offset, record: first + this.#records };
    this.#records++;
    this.#fields += fields;
    if (problem === undefined) {
      events.endRecord(place);
    } else {
      events.dropRecord();
      const text = this.#textAt(offset, Math.min(place.length, KEPT_BYTES));
      output.broken(place, problem, text, 0, text.length);
    }
    output.settle();
  }

  outside(path: string): void {
    if (this.#outside.size >= MOST_OUTSIDE && !this.#outside.has(path)) return;
    this.#outside.add(path);
    this.#reading.output.warn(`a value outside of the records, in ${path}, is not loaded`, this.#parser.line);
  }

  /** Parses the piece in slices, and answers how much of it. */
  #readPiece(piece: Uint8Array, base: number, last: boolean): number {
    let at = 0;
    while (at < piece.length) {
      const slice = piece.subarray(at, at + SLICE);
      const isLast = last && at + slice.length === piece.length;
      // Without any tag in it, a slice is longer than a name can be.
      const taken = isLast ? slice.length : wholeTags(slice) || (slice.length === SLICE ? SLICE : 0);
      if (taken === 0) break;
      this.#parser.write(slice.subarray(0, taken), base + at);
      at += taken;
      if (this.#elements.isInside && base + at - this.#start.offset > this.#limits.recordBytes) throw this.#tooLong();
    }
    return at;
  }

  /** The document goes on behind: in the way that whoever reads on takes for granted. */
  #expectOpen(names: readonly string[]): void {
    const { isInside, around } = this.#elements;
    if (!isInside && around.join('/') === names.join('/')) return;
    throw new AcequiaError('ReadersDisagree', {
      what: 'The two readers of this XML document do not see the same records.',
      where: `${this.#reading.name}:${this.#parser.line}`,
      why: 'Other elements are open here for the one than for the other.',
      remedy: 'nothing of this file is loaded; please report it with the lines around this place',
    });
  }

  #end(): void {
    this.#parser.end();
    const { stray, candidates } = this.#elements;
    if (this.#records > 0 || this.#reading.from || !stray) return;
    const path = recordPathText(this.#reading.records);
    throw recordsUnknown(this.#reading.name, `The document holds no elements ${path}.`, candidates);
  }

  #textAt(offset: number, length: number): Buffer {
    const file = openSync(this.#path, 'r');
    try {
      const buffer = Buffer.alloc(length);
      return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
    } finally {
      closeSync(file);
    }
  }

  #tooLong(): AcequiaError {
    const place = { file: this.#reading.name, line: this.#parser.line };
    const why = `A record is longer than ${this.#limits.recordBytes} bytes.`;
    return xmlRefused(place, why, 'name smaller elements as the records');
  }
}

const LESS = 0x3c;
const GREATER = 0x3e;

/** How much of the bytes ends with a tag, or before one, so that no name of a tag is cut. */
function wholeTags(bytes: Uint8Array): number {
  return Math.max(bytes.lastIndexOf(GREATER) + 1, bytes.lastIndexOf(LESS));
}
