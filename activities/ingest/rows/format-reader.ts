import type { RowLayout } from './layout.ts';
import type { RecordOutput } from './record-output.ts';
import type { FormatJob, Splitter, Window } from './reading.ts';

/** What a format brings so that threads can read it: a second reader that splits, and a first reader that parses. */
export interface FormatReader<Format extends FormatJob> {
  /**
   * The second reader. Absent: the format cannot be cut (XML, Excel). Then the whole file, or what a sample may look at,
   * is one window with `records` and `fields` 0, parsed by one thread, and nothing is compared.
   */
  createSplitter?(format: Format, options: SplitOptions): Splitter;
  /** The first reader. One for each thread; it reads many windows, in any order. */
  createParser(format: Format, parsing: Parsing): WindowParser;
}

export interface SplitOptions {
  /** A window ends with the first record that makes it this long. 1: every record is a window. */
  readonly windowBytes: number;
  /** Begin inside the file, as if everything before this window had been read. Absent: the file's first byte comes first. */
  readonly from?: Window;
  /** The file's name for people. */
  readonly name?: string;
}

/** What a parser works with. */
export interface Parsing {
  readonly output: RecordOutput;
  readonly layout: RowLayout;
  /** The file's name for people. */
  readonly name: string;
  /** Only the first bytes are looked at: a file that ends in the middle of something is no error. */
  readonly sample: boolean;
}

export interface WindowParser {
  /**
   * Reads the records of `window`, gives them to the output, and says what it counted: by the same written rules as the
   * second reader, and independently of it.
   */
  parse(window: Window, bytes: WindowBytes): Counted | Promise<Counted>;
}

export interface Counted {
  readonly records: number;
  readonly fields: number;
}

/** The bytes of one window; see `window-bytes.ts`. */
export interface WindowBytes {
  /** The file itself, for readers that open it themselves. */
  readonly path: string;
  /**
   * Gives the window's bytes to `consume` in order. It answers how many it took; the rest comes again, with more behind
   * it. Normally all come at once; a window above `wholeBytes` comes in pieces of at most that, as memory is bounded.
   * `base`: byte of the file at which `bytes` begins. `last`: the window ends here. Only valid during the call.
   */
  each(consume: (bytes: Uint8Array, base: number, last: boolean) => number): void;
}
