import type { RecordPath } from './record-path.ts';
import type { ScannedTag, TagListener } from './tag-scanner.ts';

/** A record as the second reader sees it. */
export interface ScannedRecord {
  /** Bytes of the file, from `<` of its start tag to behind its end tag. */
  readonly offset: number;
  readonly end: number;
  /** 1-based. */
  readonly line: number;
  readonly endLine: number;
  /** Names of the elements around it, as written. The same array as long as they are. */
  readonly around: readonly string[];
  /** Elements, the record's own included, and attributes. */
  readonly fields: number;
}

const COLON = 0x3a;

/** Counts the records among the tags of the second reader, and the elements and attributes of each. */
export class RecordScanner implements TagListener {
  readonly #steps: readonly { readonly name: Buffer; readonly anyPrefix: boolean }[];
  #depth = 0;
  /** So many of the elements around are those of the path. */
  #matched = 0;
  #offset = 0;
  #line = 0;
  #fields = 0;
  readonly #found: ScannedRecord[] = [];
  #taken = 0;

  /** Names of the elements around the record that is or was open, as written. */
  around: readonly string[] = [];

  /** `around`: begin inside of these elements, which lead to records. */
  constructor(path: RecordPath, around: readonly string[] = []) {
    this.#steps = path.map(({ name, anyPrefix }) => ({ name: Buffer.from(name), anyPrefix }));
    this.around = around;
    this.#depth = around.length;
    this.#matched = around.length;
  }

  /** The next record in the file's order that was read whole. */
  take(): ScannedRecord | undefined {
    const record = this.#found[this.#taken];
    if (record) this.#taken++;
    if (this.#taken === this.#found.length) {
      this.#found.length = 0;
      this.#taken = 0;
    }
    return record;
  }

  /** The first byte of the record that has begun and not ended, if any. */
  get openSince(): number | undefined {
    return this.#matched === this.#steps.length ? this.#offset : undefined;
  }

  open({ bytes, from, nameTo, attributes, offset, line }: ScannedTag): void {
    const { length } = this.#steps;
    if (this.#matched === length) {
      this.#fields += 1 + attributes;
    } else if (this.#matched === this.#depth && this.#fits(bytes, from + 1, nameTo)) {
      this.#matched++;
      if (this.#matched === length) {
        this.#offset = offset;
        this.#line = line;
        this.#fields = 1 + attributes;
      } else {
        const name = Buffer.from(bytes.buffer, bytes.byteOffset + from + 1, nameTo - from - 1).toString();
        this.around = [...this.around.slice(0, this.#depth), name];
      }
    }
    this.#depth++;
  }

  close(end: number, endLine: number): void {
    // An end too many: the first reader tells.
    if (this.#depth === 0) return;
    this.#depth--;
    if (this.#matched <= this.#depth) return;
    if (this.#matched === this.#steps.length) {
      const { around } = this;
      this.#found.push({ offset: this.#offset, end, line: this.#line, endLine, around, fields: this.#fields });
    }
    this.#matched = this.#depth;
  }

  text(): void {
    // Text is no element.
  }

  #fits(bytes: Uint8Array, from: number, to: number): boolean {
    const { name, anyPrefix } = this.#steps[this.#matched]!;
    const start = to - name.length;
    if (start < from || (start > from && !(anyPrefix && bytes[start - 1] === COLON))) return false;
    return name.compare(bytes, start, to) === 0;
  }
}
