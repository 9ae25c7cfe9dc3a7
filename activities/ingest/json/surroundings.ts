import { checkToken, StringGuard } from './strict-tokens.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Objects and lists inside one another around the records or beside them. */
const DEEPEST = 1000;
/** Numbers and words beside the records; longer ones are refused. */
const LONGEST_TOKEN = 10_000;

type Expected = 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'comma';

/** `list`, `record`: this byte begins them. `again`: the byte was not taken. `end`: the document ends with this byte. */
export type Told =
  'more' | 'again' | 'list' | 'record' | 'end' | { readonly kind: 'missing' | 'corrupt'; readonly why: string };

/** Reads what encloses the records of a document, and stands beside them, byte by byte and strictly; it tells where they begin. */
export class Surroundings {
  private readonly path: readonly string[];
  private expected: Expected = 'value';
  /** What closes each open object or list. The first of them are those of the path, so far as they match. */
  private closers: number[] = [];
  private matched = 0;
  private isOnPath = true;
  private hasRecords = false;
  private keys: Set<string>[] = [];
  private string: StringGuard | undefined;
  private token = '';

  /** `path`: keys from the document to the list of its records. */
  constructor(path: readonly string[]) {
    this.path = path;
  }

  /** A document begins with the byte that is taken next. */
  begin(): void {
    this.expected = 'value';
    this.closers = [];
    this.keys = [];
    this.matched = 0;
    this.isOnPath = true;
    this.hasRecords = false;
  }

  take(byte: number): Told {
    if (this.string) return this.stringByte(this.string, byte);
    if (this.token !== '') return this.tokenByte(byte);
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return 'more';
    switch (this.expected) {
      case 'first key':
        if (byte === CLOSE_OBJECT) return this.close();
        return this.key(byte);
      case 'key':
        return this.key(byte);
      case 'colon':
        if (byte !== COLON) return corrupt('a colon is missing after a key');
        this.expected = 'value';
        return 'more';
      case 'comma':
        if (byte === this.closers.at(-1)) return this.close();
        if (byte !== COMMA) return corrupt('a comma or a closing bracket is missing');
        this.expected = this.closers.at(-1) === CLOSE_OBJECT ? 'key' : 'value';
        this.isOnPath = false;
        return 'more';
      case 'first value':
        if (byte === CLOSE_LIST) return this.close();
        return this.value(byte);
      default:
        return this.value(byte);
    }
  }

  private key(byte: number): Told {
    if (byte !== QUOTE) return corrupt('a key in double quotes is missing');
    this.string = new StringGuard(this.isInPath());
    return 'more';
  }

  /** The open object is one of the path's. */
  private isInPath(): boolean {
    return this.matched === this.closers.length - 1 && this.keys.length === this.closers.length;
  }

  private value(byte: number): Told {
    if (this.isOnPath && this.matched === this.path.length) {
      this.isOnPath = false;
      this.hasRecords = true;
      this.expected = 'comma';
      this.matched -= 1;
      if (byte === OPEN_LIST) return 'list';
      if (byte === OPEN_OBJECT) return 'record';
      if (byte !== 0x6e) return missing('What stands there is neither a list nor an object');
    } else if (this.isOnPath && byte !== OPEN_OBJECT) {
      return missing('The path leads through something that is no object');
    }
    if (byte === QUOTE) {
      this.string = new StringGuard(false);
      this.expected = 'comma';
      return 'more';
    }
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (this.closers.length === DEEPEST) return corrupt('nested too deeply');
      if (this.isOnPath) this.keys.push(new Set());
      this.isOnPath = false;
      this.closers.push(byte + 2);
      this.expected = byte === OPEN_OBJECT ? 'first key' : 'first value';
      return 'more';
    }
    this.token = String.fromCharCode(byte);
    this.expected = 'comma';
    return 'more';
  }

  private close(): Told {
    const isPath = this.isInPath();
    this.closers.pop();
    this.expected = 'comma';
    if (isPath) {
      this.keys.pop();
      if (!this.hasRecords) return missing(`The document has no "${this.path.slice(0, this.matched + 1).join('.')}"`);
      this.matched -= 1;
    }
    return this.closers.length === 0 ? 'end' : 'more';
  }

  private stringByte(string: StringGuard, byte: number): Told {
    const problem = string.take(byte);
    if (problem !== undefined) return corrupt(problem);
    if (!string.isDone) return 'more';
    this.string = undefined;
    if (this.expected !== 'first key' && this.expected !== 'key') return 'more';
    this.expected = 'colon';
    if (!this.isInPath()) return 'more';
    const keys = this.keys.at(-1)!;
    const key = string.text();
    if (keys.has(key)) return corrupt('a key around the records stands twice');
    keys.add(key);
    if (key !== this.path[this.matched]) return 'more';
    this.isOnPath = true;
    this.matched += 1;
    return 'more';
  }

  private tokenByte(byte: number): Told {
    const ends = byte <= 0x20 || byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT;
    if (!ends) {
      this.token += String.fromCharCode(byte);
      return this.token.length > LONGEST_TOKEN ? corrupt('a value beside the records is too long') : 'more';
    }
    const problem = checkToken(this.token);
    this.token = '';
    return problem === undefined ? 'again' : corrupt(problem);
  }
}

function corrupt(why: string): Told {
  return { kind: 'corrupt', why };
}

function missing(why: string): Told {
  return { kind: 'missing', why };
}
