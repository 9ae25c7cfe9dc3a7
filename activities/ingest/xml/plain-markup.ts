import type { XmlEvents } from './xml-events.ts';
import type { XmlLimits } from './xml-limits.ts';

const TAB = 0x09;
const LF = 0x0a;
const SPACE = 0x20;
const DOUBLE = 0x22;
const AND = 0x26;
const SINGLE = 0x27;
const SLASH = 0x2f;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const BRACKET = 0x5d;
/** Behind it there is no character of XML any more, but for those of more than 16 bits, which have two units below. */
const NO_CHARACTER = 0xfffe;

/** By code unit of ASCII: 1 for what is no plain character of text, of an attribute's value. */
const STOPS_TEXT = new Uint8Array(128).fill(1, 0, SPACE);
STOPS_TEXT[TAB] = 0;
for (const stop of [LESS, AND, BRACKET]) STOPS_TEXT[stop] = 1;
const STOPS_VALUE = new Uint8Array(128).fill(1, 0, SPACE);
for (const stop of [LESS, AND, DOUBLE, SINGLE]) STOPS_VALUE[stop] = 1;
/** 1 for what may stand in a name, 2 for what may begin one as well. */
const NAMES = new Uint8Array(128);
for (const [letters, kind] of [
  ['0123456789.-', 1],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_:', 2],
] as const) {
  for (const letter of letters) NAMES[letter.charCodeAt(0)] = kind;
}

const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" };
const LONGEST_ENTITY = 6;
/** Tags and texts that are longer are not plain. */
const LONGEST_TOKEN = 1 << 16;
/** Names that were met last, each where its spelling says. */
const NAME_SLOTS = 256;

/**
 * Reads the plain parts of XML 1.0, which are nearly all there is: tags and attributes with names in ASCII, text with
 * predefined entities. It tells only of what is well-formed beyond doubt. Whatever else comes it leaves, from where it
 * begins, to the strict parser, which knows the rules and the words for what is wrong. Places are code units of the text
 * that is read.
 */
export class PlainMarkup {
  /** 1-based line of what is read next. */
  line = 1;
  /** Where the tag begins that was told last, and its line. */
  tagAt = 0;
  tagLine = 1;
  /** Behind what was told last. */
  end = 0;
  readonly #events: XmlEvents;
  readonly #limits: XmlLimits;
  readonly #open: string[];
  readonly #longest: number;
  /** Where in the text that line begins, or goes on behind so many characters. */
  #lineStart = 0;
  #columnBefore = 0;
  readonly #attributes: string[] = [];
  readonly #names: string[] = new Array<string>(NAME_SLOTS).fill('');
  /** Behind the value that was read last. */
  #valueEnd = 0;

  /** `open`: names of the open elements, which is kept up. */
  constructor(events: XmlEvents, limits: XmlLimits, open: string[]) {
    this.#events = events;
    this.#limits = limits;
    this.#open = open;
    this.#longest = Math.min(LONGEST_TOKEN, limits.tagBytes, limits.textBytes);
  }

  /** Reads on, within an element, from where a tag or a text begins, and answers where the first stands that is not plain, or not all there. */
  read(text: string, from: number): number {
    let at = from;
    while (at < text.length) {
      const next = text.charCodeAt(at) === LESS ? this.#tag(text, at) : this.#text(text, at);
      if (next < 0) break;
      at = next;
    }
    return at;
  }

  /** Whether what stands at `at` may be plain when more of it is there. */
  isCut(text: string, at: number): boolean {
    return text.length - at <= this.#longest && !text.includes(text.charCodeAt(at) === LESS ? '>' : '<', at);
  }

  /** Characters of the line that stand before `at`. */
  columnAt(text: string, at: number): number {
    return this.#columnBefore + charactersOf(text, this.#lineStart, at);
  }

  /** What is read next stands at `at` of the text, behind so many characters of a line. */
  goOn(at: number, line: number, column: number): void {
    this.line = line;
    this.#lineStart = at;
    this.#columnBefore = column;
  }

  #text(text: string, at: number): number {
    let { line } = this;
    let lineStart = 0;
    let told = '';
    let from = at;
    let p = at;
    for (; ; p += 1) {
      const unit = text.charCodeAt(p);
      if (unit < 128 ? STOPS_TEXT[unit] === 0 : unit < NO_CHARACTER) continue;
      if (unit === LF) {
        line += 1;
        lineStart = p + 1;
      } else if (unit === LESS) {
        break;
      } else if (unit === AND) {
        const entity = entityAt(text, p);
        if (entity === undefined) return -1;
        told += text.slice(from, p) + ENTITIES[entity];
        from = p + entity.length;
        p = from - 1;
      } else if (unit !== BRACKET || text.charCodeAt(p + 1) === BRACKET) {
        // Also behind the end, where there is no unit.
        return -1;
      }
    }
    if (p - at > this.#longest) return -1;
    this.#atLine(line, lineStart);
    this.end = p;
    this.#events.text(told === '' ? text.slice(from, p) : told + text.slice(from, p));
    return p;
  }

  #atLine(line: number, start: number): void {
    if (line === this.line) return;
    this.goOn(start, line, 0);
  }

  #tag(text: string, at: number): number {
    return text.charCodeAt(at + 1) === SLASH ? this.#endTag(text, at) : this.#startTag(text, at);
  }

  #endTag(text: string, at: number): number {
    const open = this.#open;
    const name = open[open.length - 1];
    // Behind the document's own element other things may stand than in it.
    if (name === undefined || open.length === 1 || !text.startsWith(name, at + 2)) return -1;
    const end = at + 2 + name.length;
    if (text.charCodeAt(end) !== GREATER) return -1;
    open.pop();
    this.end = end + 1;
    this.#events.close();
    return end + 1;
  }

  #startTag(text: string, at: number): number {
    const open = this.#open;
    const attributes = this.#attributes;
    const name = this.#nameAt(text, at + 1);
    if (name === '' || open.length >= this.#limits.depth) return -1;
    while (attributes.length > 0) attributes.pop();
    let { line } = this;
    let lineStart = 0;
    let p = at + 1 + name.length;
    for (;;) {
      const unit = text.charCodeAt(p);
      if (unit === GREATER || unit === SLASH) break;
      if (unit === LF) {
        line += 1;
        lineStart = p + 1;
      } else if (unit !== SPACE && unit !== TAB) {
        return -1;
      }
      p += 1;
      if (NAMES[text.charCodeAt(p)] !== 2) continue;
      const attribute = this.#nameAt(text, p);
      p += attribute.length;
      if (attribute === '' || text.charCodeAt(p) !== EQUALS) return -1;
      const value = this.#valueAt(text, p + 1);
      if (value === undefined || isAmong(attribute, attributes)) return -1;
      attributes.push(attribute, value);
      p = this.#valueEnd;
    }
    const isEmpty = text.charCodeAt(p) === SLASH;
    const end = isEmpty ? p + 2 : p + 1;
    if (text.charCodeAt(end - 1) !== GREATER) return -1;
    if (end - at > this.#longest || attributes.length > 2 * this.#limits.attributes) return -1;
    this.tagAt = at;
    this.tagLine = this.line;
    this.#atLine(line, lineStart);
    this.end = end;
    open.push(name);
    this.#events.open(name, attributes);
    if (isEmpty) {
      open.pop();
      this.#events.close();
    }
    return end;
  }

  /** The value whose quote stands at `at`. */
  #valueAt(text: string, at: number): string | undefined {
    const quote = text.charCodeAt(at);
    if (quote !== DOUBLE && quote !== SINGLE) return undefined;
    let told = '';
    let from = at + 1;
    let p = from;
    for (; ; p += 1) {
      const unit = text.charCodeAt(p);
      if (unit < 128 ? STOPS_VALUE[unit] === 0 : unit < NO_CHARACTER) continue;
      if (unit === quote) break;
      if (unit === DOUBLE || unit === SINGLE) continue;
      const entity = unit === AND ? entityAt(text, p) : undefined;
      if (entity === undefined) return undefined;
      told += text.slice(from, p) + ENTITIES[entity];
      from = p + entity.length;
      p = from - 1;
    }
    this.#valueEnd = p + 1;
    return told === '' ? text.slice(from, p) : told + text.slice(from, p);
  }

  /** The name that begins at `at`, always as the same string; `''`: none that is plain. */
  #nameAt(text: string, at: number): string {
    if (NAMES[text.charCodeAt(at)] !== 2) return '';
    let p = at + 1;
    while (NAMES[text.charCodeAt(p)]! > 0) p += 1;
    const length = p - at;
    if (length > this.#limits.name) return '';
    const spelling =
      text.charCodeAt(at) * 5 + text.charCodeAt(p - 1) * 3 + text.charCodeAt(at + (length >> 1)) + length;
    const slot = spelling % NAME_SLOTS;
    const known = this.#names[slot]!;
    if (known.length === length && text.startsWith(known, at)) return known;
    // A string of its own: a slice would hold on to all of the text.
    const name = Buffer.from(text.slice(at, p), 'latin1').toString('latin1');
    this.#names[slot] = name;
    return name;
  }
}

function entityAt(text: string, at: number): keyof typeof ENTITIES | undefined {
  const end = text.indexOf(';', at);
  if (end < 0 || end - at >= LONGEST_ENTITY) return undefined;
  const entity = text.slice(at, end + 1);
  return entity in ENTITIES ? (entity as keyof typeof ENTITIES) : undefined;
}

/** A character of two units counts once. */
function charactersOf(text: string, from: number, to: number): number {
  let characters = to - from;
  for (let at = from; at < to; at += 1) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) characters -= 1;
  return characters;
}

function isAmong(name: string, attributes: readonly string[]): boolean {
  for (let at = 0; at < attributes.length; at += 2) if (attributes[at] === name) return true;
  return false;
}
