import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { documentTypeProblem } from './internal-subset.ts';
import { xmlCorrupt, xmlRefused } from './xml-error.ts';
import type { XmlEvents } from './xml-events.ts';
import type { XmlLimits } from './xml-limits.ts';

export interface StrictStart {
  readonly version: '1.0' | '1.1' | undefined;
  /** 1-based. */
  readonly line: number;
  /** Characters of that line that stand before. */
  readonly column: number;
}

const LESS = 0x3c;
/** In XML 1.1 U+0085 and U+2028 too; in 1.0 they cannot stand there. */
const LINE_END = /[\n\r\u0085\u2028]/;
/** Characters of a document type. */
const LONGEST_DOCUMENT_TYPE = 64 * 1024;

/**
 * A strict parser of XML 1.0 and 1.1 that knows the five predefined entities and character references, and refuses all
 * others. Names are taken as written: namespaces are not resolved. Begins where elements are open already, or none.
 * Errors: `SourceCorrupt` (not well-formed, with line and column), `SourceRefused` (unsafe, or beyond `limits`).
 */
export class StrictMarkup {
  readonly #sax = new SaxesParser({ xmlns: false, position: true });
  readonly #file: string;
  readonly #limits: XmlLimits;
  readonly #open: string[];
  readonly #linesBefore: number;
  /** In the first line: its characters before, less those that we made up. */
  readonly #columnsBefore: number;
  readonly #attributes: string[] = [];
  /** Characters that the parser was given: what it says of its position is right during its events only. */
  #written = 0;
  /** What is read, and where it began for the parser. */
  #text = '';
  #origin = 0;
  /** The tag that was begun last: where for the parser, and its line. */
  #tagStart = 0;
  #tagLine = 1;
  #nameEnd = 0;
  #inTag = false;
  /** Behind the tag that was told last, for the parser. */
  #tagEnd = 0;
  /** Characters since anything was told. */
  #silent = 0;

  /** `open`: names of the open elements, which is kept up. */
  constructor(file: string, events: XmlEvents, limits: XmlLimits, open: string[], start: StrictStart) {
    this.#file = file;
    this.#limits = limits;
    this.#open = open;
    const sax = this.#sax;
    if (start.version !== undefined) {
      const before = `<?xml version="${start.version}"?>${open.map((name) => `<${name}>`).join('')}`;
      sax.write(before);
      this.#written = before.length;
    }
    this.#linesBefore = start.line - 1;
    this.#columnsBefore = start.column - sax.column;
    const text = (piece: string): void => {
      this.#silent = 0;
      if (open.length > 0) events.text(piece);
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
      this.#tagEnd = sax.position;
      events.open(tag.name, this.#attributes);
      if (this.#attributes.length > 0) this.#attributes.length = 0;
    });
    sax.on('closetag', () => {
      this.#silent = 0;
      this.#tagEnd = sax.position;
      open.pop();
      events.close();
    });
    sax.on('text', text);
    sax.on('cdata', text);
  }

  /** As the document says; 1.0 where it says nothing. */
  get version(): '1.0' | '1.1' {
    return this.#sax.xmlDecl.version === '1.1' ? '1.1' : '1.0';
  }

  /** 1-based, of what was told last. */
  get line(): number {
    return this.#linesBefore + this.#sax.line;
  }

  /** Characters of the line that stand before what comes next. */
  get column(): number {
    return this.#sax.column + (this.#sax.line === 1 ? this.#columnsBefore : 0);
  }

  /** Where in the text the tag begins that was told last. */
  get tagAt(): number {
    const at = this.#tagStart - this.#origin;
    // A name that CR LF ends: the parser is one character further.
    return this.#text.charCodeAt(at) === LESS ? at : at - 1;
  }

  get tagLine(): number {
    // The character behind the name has been read: it may have begun a new line.
    const behind = this.#text[this.#nameEnd - this.#origin - 1] ?? '';
    return this.#linesBefore + this.#tagLine - (LINE_END.test(behind) ? 1 : 0);
  }

  /** Behind what was told last. */
  get end(): number {
    return this.#sax.position - this.#origin;
  }

  /** Everything that was read has been told, within an element: whoever reads on needs to know nothing else. */
  get isBetweenTokens(): boolean {
    return this.#open.length > 0 && this.#tagEnd === this.#written;
  }

  /**
   * Reads on from `from`: all of the text, or as far as the first place behind `least` characters at which another reader
   * may take over. Answers how far.
   */
  read(text: string, from: number, least: number): number {
    this.#text = text;
    this.#origin = this.#written - from;
    for (let at = from; at < text.length;) {
      const tagEnd = text.indexOf('>', at + least);
      const to = tagEnd < 0 ? text.length : tagEnd + 1;
      this.#silent += to - at;
      this.#written += to - at;
      this.#parse(text.slice(at, to));
      this.#expectNotSilent();
      at = to;
      if (this.isBetweenTokens) return at;
    }
    return text.length;
  }

  /** The document ends here. */
  finish(): void {
    this.#parse(null);
  }

  corrupt(why: string): Error {
    return xmlCorrupt(this.#place(), why);
  }

  #expectNotSilent(): void {
    if (this.#inTag && this.#silent > this.#limits.tagBytes) {
      throw this.#beyond(`A tag is longer than ${this.#limits.tagBytes} bytes.`);
    }
    if (this.#silent > this.#limits.textBytes) {
      throw this.#beyond(`It holds more than ${this.#limits.textBytes} bytes without a tag.`);
    }
  }

  #opened({ name }: SaxesTagPlain): void {
    this.#silent = 0;
    if (this.#open.push(name) > this.#limits.depth) {
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
    if (problem?.kind === 'malformed') throw this.corrupt(problem.why);
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
      throw told ? this.corrupt((told[1] ?? '').slice(0, 200)) : error;
    }
  }

  #beyond(why: string): Error {
    return xmlRefused(this.#place(), why, 'split the file, or have it written in a plainer shape');
  }

  #place(): { file: string; line: number; column: number } {
    return { file: this.#file, line: this.line, column: Math.max(1, this.column) };
  }
}
