import { statSync } from 'node:fs';
import { RecordShredder } from '../nested/record-shredder.ts';
import type { Counted, FormatReader, Parsing, WindowBytes, WindowParser } from '../rows/format-reader.ts';
import type { FormatJob, Window } from '../rows/reading.ts';
import { XmlReader } from './read-xml.ts';
import { parseRecordPath, type RecordPath } from './record-path.ts';
import { XmlSplitter } from './xml-splitter.ts';
import { startAtRecords } from './xml-start.ts';

type XmlFormat = Extract<FormatJob, { kind: 'xml' }>;

/** XML documents, cut between records. */
export const xmlReader: FormatReader<XmlFormat> = {
  createSplitter: (format, options) => new XmlSplitter(parseRecordPath(format.records), options),
  createParser: (format, parsing) => new XmlWindowParser(format, parsing),
};

/** The first reader, window by window. Between two windows the elements around the first record are open, always. */
class XmlWindowParser implements WindowParser {
  readonly #records: RecordPath;
  readonly #parsing: Parsing;
  readonly #events: RecordShredder;
  #start: ReturnType<typeof startAtRecords> | undefined;
  #size = 0;

  constructor(format: XmlFormat, parsing: Parsing) {
    this.#records = parseRecordPath(format.records);
    this.#parsing = parsing;
    this.#events = new RecordShredder(parsing);
  }

  parse(window: Window, bytes: WindowBytes): Counted {
    const { name, output } = this.#parsing;
    if (!this.#start) {
      this.#start = startAtRecords(bytes.path, this.#records);
      this.#size = statSync(bytes.path).size;
    }
    const { around, version } = this.#start;
    const reader = new XmlReader({
      name,
      records: this.#records,
      events: this.#events,
      output,
      record: window.record,
      ...(window.index > 0 ? { from: { around, version, line: window.line } } : {}),
      ...(window.end < this.#size ? { until: around } : {}),
    });
    return reader.read(bytes);
  }
}
