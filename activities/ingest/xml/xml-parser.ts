import { isUtf8 } from 'node:buffer';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { documentTypeProblem } from './internal-subset.ts';
import { xmlCorrupt, xmlRefused } from './xml-error.ts';
import type { XmlLimits } from './xml-limits.ts';

/** What the first reader tells of a document, in its order. */
export interface XmlEvents {
  /**
   * Attributes as name, value, name, value …: names as written, `xmlns` too, values normalised as XML says. Only valid
   * during the call.
   */
  open(name: string, attributes: readonly string[]): void;
  /** Text or CDATA, references resolved; in as many pieces as it comes. */
  text(text: string): void;
  /** The element that was opened last and is still open has ended. */
  close(): void;
}

/** To begin inside of a document. */
export interface XmlStart {
  /** Names of the elements that are open there, from the root on. */
  readonly around: readonly string[];
  readonly version: '1.0' | '1.1';
  /** 1-based. */
  readonly line: number;
}

const LESS = 0x3c;
/** In XML 1.1 U+0085 and U+2028 too; in 1.0 they cannot stand there. */
const LINE_END = /[\n\r\u0085\u2028]/;
const NOTHING = new Uint8Array(0);
/** Characters of a document type. */
const LONGEST_DOCUMENT_TYPE = 64 * 1024;

/**
 * The first reader of XML: a strict parser of XML 1.0 and 1.1 that knows the five predefined entities and character
 * references, and refuses all others. Names are taken as written: namespaces are not resolved.
 * Errors: `SourceCorrupt` (not well-formed, with line and column), `SourceRefused` (unsafe, or beyond `limits`).
 */
export class XmlParser {
  readonly #sax = new SaxesParser({ xmlns: false, position: true });
  // A mark at the head is no character for the parser either; elsewhere it is one.
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #file: string;
  readonly #limits: XmlLimits;
  #depth = 0;
  #linesBefore = 0;
  readonly #attributes: string[] = [];
  /** The tag that was begun last: characters before its `<`, and its line. */
  #tagStart = 0;
  #tagLine = 1;
  #nameEnd = 0;
  /** What is parsed: its text, the characters and bytes before it, and of a place in it that was asked for last. */
  #text = '';
  /** Bytes of a character that is not all there. */
  #tail: Uint8Array = NOTHING;
  #inTag = false;
  #charsBefore = 0;
  #isAscii = true;
  #base = 0;
  #askedChars = 0;
  #askedBytes = 0;
  /** Bytes since anything was told. */
  #silent = 0;

  constructor(file: string, events: XmlEvents, limits: XmlLimits, from?: XmlStart) {
    this.#file = file;
    this.#limits = limits;
    const sax = this.#sax;
    if (from) {
      this.#text = `<?xml version="${from.version}"?>${from.around.map((name) => `<${name}>`).join('')}`;
      sax.write(this.#text);
      this.#depth = from.around.length;
      this.#linesBefore = from.line - 1;
    }
    const text = (piece: string): void => {
      this.#silent = 0;
      if (this.#depth > 0) events.text(piece);
    };
    sax.on('doctype', (documentType) => this.#documentType(documentType));
    sax.on('opentagstart', ({ name }) => {
      this.#nameEnd = sax.position;
      this.#tagStart = sax.position - name.length - 2;
      this.#tagLine = sax.line;
      this.#inTag = true;
    });
    sax.on('attribute', ({ name, value }) => this.#attribute(name, value));
    sax.on('opentag', (tag) => {
      this.#opened(tag);
      this.#inTag = false;
      events.open(tag.name, this.#attributes);
      if (this.#attributes.length > 0) this.#attributes.length = 0;
    });
    sax.on('closetag', () => {
      this.#silent = 0;
      this.#depth--;
      events.close();
    });
    sax.on('text', text);
    sax.on('cdata', text);
  }

  /** 1-based, of what was told last. */
  get line(): number {
    return this.#linesBefore + this.#sax.line;
  }

  /** The byte at which the tag begins that was told last, and its 1-based line. */
  get tagStart(): { readonly offset: number; readonly line: number } {
    const at = this.#tagStart - this.#charsBefore;
    // A name that CR LF ends: the parser is one character further.
    const start = this.#text.charCodeAt(at) === LESS ? at : at - 1;
    // The character behind the name has been read: it may have begun a new line.
    const line = this.#tagLine - (LINE_END.test(this.#text[this.#nameEnd - this.#charsBefore - 1] ?? '') ? 1 : 0);
    return { offset: this.#offsetOf(start), line: this.#linesBefore + line };
  }

  /** The byte behind what was told last. */
  get offset(): number {
    return this.#offsetOf(this.#sax.position - this.#charsBefore);
  }

  /**
   * The next bytes of the document, which stand at `base`. They may end anywhere, but places are right only where no name
   * of a tag is cut.
   */
  write(next: Uint8Array, base = 0): void {
    this.#silent += next.length;
    const held = this.#tail.length;
    const all = held === 0 ? next : Buffer.concat([this.#tail, next]);
    const bytes = all.subarray(0, wholeCharacters(all));
    this.#tail = bytes.length === all.length ? NOTHING : new Uint8Array(all.subarray(bytes.length));
    this.#charsBefore += this.#text.length;
    this.#text = this.#decode(bytes);
    this.#isAscii = this.#text.length === bytes.length;
    this.#base = base - held;
    this.#askedChars = 0;
    this.#askedBytes = 0;
    this.#parse(this.#text);
    if (this.#inTag && this.#silent > this.#limits.tagBytes) {
      throw this.#beyond(`A tag is longer than ${this.#limits.tagBytes} bytes.`);
    }
    if (this.#silent > this.#limits.textBytes) {
      throw this.#beyond(`It holds more than ${this.#limits.textBytes} bytes without a tag.`);
    }
  }

  /** The document ends here. */
  end(): void {
    if (this.#tail.length > 0) throw this.#corrupt('It ends within a character.');
    this.#parse(null);
  }

  #decode(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      const line = this.line + linesBefore(bytes);
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

  #opened({ name }: SaxesTagPlain): void {
    this.#silent = 0;
    if (++this.#depth > this.#limits.depth) {
      throw this.#beyond(`It nests elements more than ${this.#limits.depth} deep.`);
    }
    if (name.length > this.#limits.name) throw this.#beyond(`A name is longer than ${this.#limits.name} characters.`);
  }

  #attribute(name: string, value: string): void {
    if (this.#attributes.push(name, value) > 2 * this.#limits.attributes) {
      throw this.#beyond(`An element has more than ${this.#limits.attributes} attributes.`);
    }
    if (name.length > this.#limits.name) throw this.#beyond(`A name is longer than ${this.#limits.name} characters.`);
  }

  #documentType(text: string): void {
    this.#silent = 0;
    if (text.length > LONGEST_DOCUMENT_TYPE) {
      throw this.#beyond(`Its document type is longer than ${LONGEST_DOCUMENT_TYPE} characters.`);
    }
    const problem = documentTypeProblem(text);
    if (problem?.kind === 'malformed') throw this.#corrupt(problem.why);
    if (!problem) return;
    throw xmlRefused(this.#place(), problem.why, 'have the file written without a document type: values only');
  }

  /** Without a handler of errors the parser throws them. (With one handler more its objects become slow ones.) */
  #parse(text: string | null): void {
    try {
      this.#sax.write(text);
    } catch (error) {
      const told = error instanceof Error && !(error instanceof AcequiaError) && /^\d+:\d+: (.*)/s.exec(error.message);
      // Its words name elements and attributes at most. They begin with the place, which stands elsewhere.
      throw told ? this.#corrupt((told[1] ?? '').slice(0, 200)) : error;
    }
  }

  #corrupt(why: string): Error {
    return xmlCorrupt(this.#place(), why);
  }

  #beyond(why: string): Error {
    return xmlRefused(this.#place(), why, 'split the file, or have it written in a plainer shape');
  }

  #place(): { file: string; line: number; column: number } {
    return { file: this.#file, line: this.line, column: Math.max(1, this.#sax.column) };
  }
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
