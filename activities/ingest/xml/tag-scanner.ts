/** What the second reader tells of each tag. Byte positions are those of the file. */
export interface TagListener {
  /** A start tag: `bytes[from, to)` from `<` to behind `>`, its name ends at `nameTo`. `attributes`: how many. */
  open(tag: ScannedTag): void;
  /** The element that was opened last and is still open ends before byte `end`, which is on the 1-based `line`. */
  close(end: number, line: number): void;
  /** There was text other than white space before this tag. */
  text(): void;
}

/** Only valid during the call: one object serves all tags. */
export interface ScannedTag {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly nameTo: number;
  readonly to: number;
  readonly attributes: number;
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const BANG = 0x21;
const DOUBLE_QUOTE = 0x22;
const QUOTE = 0x27;
const SLASH = 0x2f;
const LESS = 0x3c;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Whether a byte may end a name. */
const NEVER = 0;
const ENDS_NAME = new Uint8Array(256).fill(1, 0, SPACE + 1);
for (const byte of [SLASH, GREATER, 0xc2, 0xe2]) ENDS_NAME[byte] = 1;

const COMMENT_END = Buffer.from('-->');
const CDATA_END = Buffer.from(']]>');
const INSTRUCTION_END = Buffer.from('?>');
const LONGEST_END = 3;

/**
 * The second reader of XML: finds the tags among the bytes, and shares no code with the first. It knows where tags can
 * not be (comments, CDATA, processing instructions, the document type) and forgives everything else: whether the
 * document is well-formed is for the first reader to say.
 */
export class TagScanner {
  readonly #listener: TagListener;
  /** The line of the next byte. */
  line: number;
  #last = 0;
  #inside: Buffer | undefined;
  #solid = false;
  readonly #tag: Writable<ScannedTag> = {
    bytes: new Uint8Array(0),
    from: 0,
    nameTo: 0,
    to: 0,
    attributes: 0,
    offset: 0,
    line: 0,
  };

  /** `line`: of the first byte, 1-based. */
  constructor(listener: TagListener, line = 1) {
    this.#listener = listener;
    this.line = line;
  }

  /** Takes the bytes at `base` of the file; answers how many it took. A tag that is not all there stays for the next call. */
  feed(bytes: Uint8Array, base: number): number {
    let at = 0;
    while (at < bytes.length) {
      if (this.#inside) {
        const to = this.#skipTo(this.#inside, bytes, at);
        if (to === undefined) return Math.max(at, bytes.length - LONGEST_END + 1);
        at = to;
        continue;
      }
      at = this.#text(bytes, at);
      const end = at < bytes.length ? this.#markup(bytes, at, base) : at;
      if (end === undefined) return at;
      at = end;
    }
    return at;
  }

  /** To the next `<`. */
  #text(bytes: Uint8Array, from: number): number {
    const { length } = bytes;
    let at = from;
    let last = this.#last;
    let { line } = this;
    let solid = this.#solid;
    for (; at < length; at++) {
      const byte = bytes[at]!;
      if (byte === LESS) break;
      if (byte > SPACE) solid = true;
      else if (byte === CR || (byte === LF && last !== CR)) line++;
      last = byte;
    }
    this.#last = last;
    this.line = line;
    this.#solid = solid;
    return at;
  }

  /** Behind the markup at `at`, or nothing while its end is not there. */
  #markup(bytes: Uint8Array, at: number, base: number): number | undefined {
    const next = bytes[at + 1];
    if (next === undefined) return undefined;
    if (next === BANG) return this.#declaration(bytes, at);
    if (next === QUESTION) return this.#enter(INSTRUCTION_END, bytes, at, 2);
    this.#tellText();
    if (next !== SLASH) return this.#startTag(bytes, at, base);
    let end = at + 2;
    let spaces = 0;
    for (; end < bytes.length; end++) {
      const byte = bytes[end]!;
      if (byte === GREATER) break;
      if (byte <= SPACE) spaces++;
    }
    if (end >= bytes.length) return undefined;
    if (spaces > 0) this.#countLines(bytes, at, end);
    this.#last = GREATER;
    this.#listener.close(base + end + 1, this.line);
    return end + 1;
  }

  #declaration(bytes: Uint8Array, at: number): number | undefined {
    if (bytes.length < at + 9) return undefined;
    if (bytes[at + 2] === 0x2d) return this.#enter(COMMENT_END, bytes, at, 4);
    if (bytes[at + 2] !== OPEN_BRACKET) return this.#documentType(bytes, at);
    this.#solid = true;
    return this.#enter(CDATA_END, bytes, at, 9);
  }

  #enter(end: Buffer, bytes: Uint8Array, at: number, length: number): number | undefined {
    if (bytes.length < at + length) return undefined;
    this.#inside = end;
    return at + length;
  }

  /** Behind the end of what it is inside of; nothing where that is not there. */
  #skipTo(end: Buffer, bytes: Uint8Array, from: number): number | undefined {
    const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(end, from);
    // The last bytes may be the beginning of the end.
    const to = found >= 0 ? found + end.length : Math.max(from, bytes.length - LONGEST_END + 1);
    this.#countLines(bytes, from, to);
    if (found < 0) return undefined;
    this.#inside = undefined;
    return to;
  }

  /** `<!DOCTYPE name [ … ]>`: brackets, quotes, comments and instructions in it may hold `>`. */
  #documentType(bytes: Uint8Array, start: number): number | undefined {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let nested = false;
    for (let at = start; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === DOUBLE_QUOTE || byte === QUOTE) at = behind(bytes.indexOf(byte, at + 1), 0);
      else if (byte === LESS && bytes[at + 1] === QUESTION) at = behind(text.indexOf(INSTRUCTION_END, at), 1);
      else if (byte === LESS && bytes[at + 2] === 0x2d) at = behind(text.indexOf(COMMENT_END, at + 4), 2);
      else if (byte === OPEN_BRACKET) nested = true;
      else if (byte === CLOSE_BRACKET) nested = false;
      else if (byte === GREATER && !nested) {
        this.#countLines(bytes, start, at + 1);
        return at + 1;
      }
    }
    return undefined;
  }

  #startTag(bytes: Uint8Array, from: number, base: number): number | undefined {
    const { length } = bytes;
    let at = from + 1;
    while (at < length && (ENDS_NAME[bytes[at]!] === NEVER || !endsName(bytes, at))) at++;
    const nameTo = at;
    let attributes = 0;
    let quote = 0;
    let { line } = this;
    let last = 0;
    for (; at < length; at++) {
      const byte = bytes[at]!;
      if (byte <= SPACE) {
        if (byte === CR || (byte === LF && last !== CR)) line++;
      } else if (quote !== 0) {
        if (byte === quote) quote = 0;
      } else if (byte === DOUBLE_QUOTE || byte === QUOTE) {
        quote = byte;
        attributes++;
      } else if (byte === GREATER) {
        const to = at + 1;
        this.#tell(bytes, from, nameTo, to, attributes, base + from);
        this.line = line;
        this.#last = GREATER;
        if (last === SLASH) this.#listener.close(base + to, line);
        return to;
      }
      last = byte;
    }
    return undefined;
  }

  #tell(bytes: Uint8Array, from: number, nameTo: number, to: number, attributes: number, offset: number): void {
    const tag = this.#tag;
    tag.bytes = bytes;
    tag.from = from;
    tag.nameTo = nameTo;
    tag.to = to;
    tag.attributes = attributes;
    tag.offset = offset;
    tag.line = this.line;
    this.#listener.open(tag);
  }

  #tellText(): void {
    if (this.#solid) this.#listener.text();
    this.#solid = false;
  }

  /** Lines end with LF, CR LF or CR. */
  #countLines(bytes: Uint8Array, from: number, to: number): void {
    let last = this.#last;
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === CR || (byte === LF && last !== CR)) this.line++;
      last = byte;
    }
    this.#last = last;
  }
}

/** White space, `/` or `>`. In XML 1.1 the line ends U+0085 and U+2028 are white space too; in 1.0 no name has them. */
function endsName(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at]!;
  if (byte < 0x80) return byte <= SPACE || byte === SLASH || byte === GREATER;
  if (byte === 0xc2) return bytes[at + 1] === 0x85;
  return byte === 0xe2 && bytes[at + 1] === 0x80 && bytes[at + 2] === 0xa8;
}

/** The last byte of what was found, or the end of everything. */
function behind(found: number, length: number): number {
  return found < 0 ? Number.MAX_SAFE_INTEGER - 1 : found + length;
}
