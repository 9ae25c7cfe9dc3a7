import { pathSteps } from '../nested/field-path.ts';
import type { SplitOptions } from '../rows/format-reader.ts';
import type { Splitter, Window } from '../rows/reading.ts';
import { jsonCorrupt, recordsMissing } from './json-error.ts';
import { RecordScan } from './record-scan.ts';
import { Surroundings } from './surroundings.ts';
import { WindowMarks } from './window-marks.ts';

const LF = 0x0a;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const CLOSE_OBJECT = 0x7d;
const COLON = 0x3a;

/** What is read next. */
type State = 'document' | 'first' | 'element' | 'behind' | 'record' | 'around' | 'loose';

/**
 * The second reader of JSON documents: finds the list of records, or the documents that are records themselves, and
 * where each record ends. What encloses them is read strictly; errors: `SourceCorrupt` where it is broken,
 * `SourceUnreadable` where no records stand at the path.
 */
export class JsonSplitter implements Splitter {
  private readonly marks: WindowMarks;
  private readonly scan = new RecordScan();
  private readonly around: Surroundings | undefined;
  private readonly records: string;
  private readonly name: string;
  private state: State;
  /** Where it goes on behind a record. */
  private behind: State = 'document';
  private lineStart = 0;

  constructor(format: { readonly records: string }, { windowBytes, from, name }: SplitOptions) {
    const path = pathSteps(format.records).filter((step) => typeof step === 'string');
    this.marks = new WindowMarks(windowBytes, 0, from);
    this.around = path.length > 0 ? new Surroundings(path) : undefined;
    this.records = format.records;
    this.name = name ?? 'the file';
    this.state = from ? 'loose' : 'document';
    this.lineStart = from?.start ?? 0;
  }

  feed(bytes: Uint8Array, base: number, last: boolean, found: (window: Window) => void): number {
    const hasMark = this.state !== 'loose' && base === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    let p = hasMark ? 3 : 0;
    while (p < bytes.length) p = this.step(bytes, p, base, found);
    const end = base + bytes.length;
    if (last) this.finish(end, found);
    return end;
  }

  private step(bytes: Uint8Array, p: number, base: number, found: (window: Window) => void): number {
    if (this.state === 'record') return this.record(bytes, p, base, found);
    const byte = bytes[p]!;
    if (byte === LF) this.newLine(base + p + 1);
    if (this.state === 'around') return this.surroundings(byte, p, base, found);
    if (byte <= 0x20 && (byte === 0x20 || byte === LF || byte === 0x09 || byte === 0x0d)) return p + 1;
    const at = base + p;
    switch (this.state) {
      case 'document':
        if (this.around) {
          this.around.begin();
          this.state = 'around';
          return p;
        }
        if (byte === OPEN_LIST) return this.openList(p, base, found);
        return this.begin(byte, p, base, 'document', found);
      case 'loose':
        return byte === COMMA ? p + 1 : this.begin(byte, p, base, 'loose', found);
      case 'first':
        return byte === CLOSE_LIST ? this.closeList(p, base, found) : this.begin(byte, p, base, 'behind', found);
      case 'element':
        if (byte === CLOSE_LIST) throw this.corrupt(at, 'a comma before a closing bracket');
        return this.begin(byte, p, base, 'behind', found);
      case 'behind':
        if (byte === CLOSE_LIST) return this.closeList(p, base, found);
        if (byte !== COMMA) throw this.corrupt(at, 'a comma between two records is missing');
        this.state = 'element';
        return p + 1;
      default:
        throw new Error('A record is read elsewhere.');
    }
  }

  private begin(byte: number, p: number, base: number, behind: State, found: (window: Window) => void): number {
    if (byte === COMMA) throw this.corrupt(base + p, 'a comma without a value before it');
    if (byte === CLOSE_LIST || byte === CLOSE_OBJECT || byte === COLON) {
      throw this.corrupt(base + p, 'a bracket or colon that belongs to nothing');
    }
    this.marks.offer(base + p, found);
    this.scan.begin(byte);
    this.state = 'record';
    this.behind = behind;
    return p;
  }

  private record(bytes: Uint8Array, p: number, base: number, found: (window: Window) => void): number {
    const { scan, marks } = this;
    const scanned = scan.feed(bytes, p, base);
    if (scanned === 'inside') return bytes.length;
    if (scan.lines > 0) {
      marks.line += scan.lines;
      this.lineStart = scan.lineStart;
    }
    if (scanned === 'mismatch') throw this.corrupt(base + scan.at, 'a bracket is closed by one of another kind');
    this.endRecord();
    // What stands around the records is in no window.
    if (this.state === 'around') marks.close(base + scan.at, found);
    return scan.at;
  }

  private endRecord(): void {
    this.marks.records += 1;
    this.marks.fields += this.scan.fields;
    this.state = this.behind;
  }

  private surroundings(byte: number, p: number, base: number, found: (window: Window) => void): number {
    const around = this.around!;
    const told = around.take(byte);
    switch (told) {
      case 'more':
        return p + 1;
      case 'again':
        return p;
      case 'list':
        return this.openList(p, base, found);
      case 'record':
        this.marks.close(base + p, found);
        return this.begin(byte, p, base, 'around', found);
      case 'end':
        this.state = 'document';
        return p + 1;
      default:
        if (told.kind === 'missing') throw recordsMissing(this.placeOf(base + p), this.records, told.why);
        throw this.corrupt(base + p, told.why);
    }
  }

  private openList(p: number, base: number, found: (window: Window) => void): number {
    this.marks.close(base + p, found);
    this.marks.restart(base + p + 1);
    this.state = 'first';
    return p + 1;
  }

  private closeList(p: number, base: number, found: (window: Window) => void): number {
    this.marks.close(base + p, found);
    this.marks.restart(base + p + 1);
    this.state = this.around ? 'around' : 'document';
    return p + 1;
  }

  private finish(end: number, found: (window: Window) => void): void {
    if (this.state === 'record' && this.scan.canEnd && (this.behind === 'document' || this.behind === 'loose')) {
      this.endRecord();
    }
    if (this.state === 'loose') {
      // A window is read again: what it ends with was looked at before.
    } else if (this.state === 'record') {
      if (this.scan.lines > 0) {
        this.marks.line += this.scan.lines;
        this.lineStart = this.scan.lineStart;
      }
      throw this.corrupt(end, 'the file ends inside a record');
    } else if (this.state !== 'document') throw this.corrupt(end, 'the file ends too early');
    this.marks.close(end, found);
  }

  private newLine(at: number): void {
    this.marks.line += 1;
    this.lineStart = at;
  }

  private placeOf(at: number): { name: string; line: number; column: number } {
    return { name: this.name, line: this.marks.line, column: at - this.lineStart + 1 };
  }

  private corrupt(at: number, why: string): Error {
    return jsonCorrupt(this.placeOf(at), why);
  }
}
