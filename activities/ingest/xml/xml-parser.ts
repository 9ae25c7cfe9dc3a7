import { isUtf8 } from 'node:buffer';
import { PlainMarkup } from './plain-markup.ts';
import { StrictMarkup } from './strict-markup.ts';
import { xmlCorrupt } from './xml-error.ts';
import type { XmlEvents } from './xml-events.ts';
import type { XmlLimits } from './xml-limits.ts';

/** To begin inside of a document. */
export interface XmlStart {
  /** Names of the elements that are open there, from the root on. */
  readonly around: readonly string[];
  readonly version: '1.0' | '1.1';
  /** 1-based. */
  readonly line: number;
}

const NOTHING = new Uint8Array(0);
/** Characters that the strict parser reads at least before the plain one tries again; twice as many each time that was in vain. */
const LEAST_STRICT = 1 << 10;
const MOST_STRICT = 1 << 20;

/**
 * The first reader of XML, as strict as `StrictMarkup`, and as fast as `PlainMarkup` where a document is plain: the two
 * take turns. Errors: `SourceCorrupt` (not well-formed, with line and column), `SourceRefused` (unsafe, or beyond
 * `limits`).
 */
export class XmlParser {
  // A mark at the head is no character for the parser either; elsewhere it is one.
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #file: string;
  readonly #events: XmlEvents;
  readonly #limits: XmlLimits;
  /** Names of the open elements. */
  readonly #open: string[];
  readonly #plain: PlainMarkup;
  /** While it is its turn. */
  #strict: StrictMarkup | undefined;
  #leastStrict = LEAST_STRICT;
  /** What is parsed, the byte at which it stands, and a place in it that was asked for last. */
  #text = '';
  #isAscii = true;
  #base = 0;
  #askedChars = 0;
  #askedBytes = 0;
  /** Of the text, what is still to be parsed; and bytes of a character that is not all there. */
  #held = '';
  #tail: Uint8Array = NOTHING;

  constructor(file: string, events: XmlEvents, limits: XmlLimits, from?: XmlStart) {
    this.#file = file;
    this.#events = events;
    this.#limits = limits;
    this.#open = [...(from?.around ?? [])];
    this.#plain = new PlainMarkup(events, limits, this.#open);
    this.#plain.goOn(0, from?.line ?? 1, 0);
    if (from?.version !== '1.0') this.#strict = this.#startStrict(from?.version, 0);
  }

  /** 1-based, of what was told last. */
  get line(): number {
    return (this.#strict ?? this.#plain).line;
  }

  /** The byte at which the tag begins that was told last, and its 1-based line. */
  get tagStart(): { readonly offset: number; readonly line: number } {
    const { tagAt, tagLine } = this.#strict ?? this.#plain;
    return { offset: this.#offsetOf(tagAt), line: tagLine };
  }

  /** The byte behind what was told last. */
  get offset(): number {
    return this.#offsetOf((this.#strict ?? this.#plain).end);
  }

  /**
   * The next bytes of the document, which stand at `base`. They may end anywhere, but places are right only where no name
   * of a tag is cut.
   */
  write(next: Uint8Array, base = 0): void {
    const behind = this.#tail.length;
    const all = behind === 0 ? next : Buffer.concat([this.#tail, next]);
    const bytes = all.subarray(0, wholeCharacters(all));
    this.#tail = bytes.length === all.length ? NOTHING : new Uint8Array(all.subarray(bytes.length));
    const held = this.#held;
    const heldBytes = this.#isAscii ? held.length : Buffer.byteLength(held);
    this.#text = held + this.#decode(bytes);
    this.#isAscii = this.#text.length === heldBytes + bytes.length;
    this.#base = base - behind - heldBytes;
    this.#askedChars = 0;
    this.#askedBytes = 0;
    const end = this.#parse();
    this.#held = this.#text.slice(end);
    const plain = this.#plain;
    if (!this.#strict) plain.goOn(0, plain.line, plain.columnAt(this.#text, end));
  }

  /** The document ends here. */
  end(): void {
    const strict = (this.#strict ??= this.#startStrict('1.0', 0));
    strict.read(this.#held, 0, this.#held.length);
    if (this.#tail.length > 0) throw strict.corrupt('It ends within a character.');
    strict.finish();
  }

  /** Parses the text, and answers how much of it: what the plain parser may understand when more is there comes again. */
  #parse(): number {
    const text = this.#text;
    const plain = this.#plain;
    let at = 0;
    for (;;) {
      if (!this.#strict) {
        const from = at;
        at = plain.read(text, from);
        if (at === text.length || plain.isCut(text, at)) return at;
        this.#leastStrict = at - from > this.#leastStrict ? LEAST_STRICT : Math.min(2 * this.#leastStrict, MOST_STRICT);
        this.#strict = this.#startStrict('1.0', at);
      }
      const strict = this.#strict;
      at = strict.read(text, at, this.#leastStrict);
      if (strict.isBetweenTokens && strict.version === '1.0') {
        plain.goOn(at, strict.line, strict.column);
        this.#strict = undefined;
      }
      if (at === text.length) return at;
    }
  }

  #startStrict(version: '1.0' | '1.1' | undefined, at: number): StrictMarkup {
    const plain = this.#plain;
    const start = { version, line: plain.line, column: plain.columnAt(this.#text, at) };
    return new StrictMarkup(this.#file, this.#events, this.#limits, this.#open, start);
  }

  #decode(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      const line = this.line + linesOf(this.#held) + linesBefore(bytes);
      throw xmlCorrupt({ file: this.#file, line }, 'A byte is not UTF-8, which the document should be in.');
    }
  }

  /** Of a place in the text that is parsed. */
  #offsetOf(chars: number): number {
    if (this.#isAscii) return this.#base + chars;
    if (chars < this.#askedChars) return this.#base + Buffer.byteLength(this.#text.slice(0, chars));
    this.#askedBytes += Buffer.byteLength(this.#text.slice(this.#askedChars, chars));
    this.#askedChars = chars;
    return this.#base + this.#askedBytes;
  }
}

function linesOf(text: string): number {
  return text.split('\n').length - 1;
}

/** Lines that end before the first byte that is not UTF-8. */
function linesBefore(bytes: Uint8Array): number {
  let lines = 0;
  for (let from = 0; ; lines++) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0 || !isUtf8(bytes.subarray(from, end))) return lines;
    from = end + 1;
  }
}

/** How many of the bytes are whole characters of UTF-8; where the end is no such thing, all. */
function wholeCharacters(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let at = length - 1; at >= 0 && at >= length - 3; at--) {
    const byte = bytes[at]!;
    if (byte < 0x80) return length;
    if (byte >= 0xc0) return at + (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > length ? at : length;
  }
  return length;
}
