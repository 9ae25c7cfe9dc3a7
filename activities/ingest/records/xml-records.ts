import { AcequiaError } from '../../failure/acequia-error.ts';
import type { OpenedFile } from '../files/open-file.ts';
import { inThread } from '../threads/in-thread.ts';
import { ElementJson } from '../xml/element-json.ts';
import { findRecords } from '../xml/find-records.ts';
import { fitsStep, parseRecordPath, type RecordPath } from '../xml/record-path.ts';
import { xmlRefused } from '../xml/xml-error.ts';
import type { XmlEvents } from '../xml/xml-events.ts';
import { XML_LIMITS } from '../xml/xml-limits.ts';
import { XmlParser } from '../xml/xml-parser.ts';
import { XmlSplitter } from '../xml/xml-splitter.ts';
import { splitting } from './splitting.ts';
import { RECORD_BYTES, type ReadRecords, type TextRecord } from './text-record.ts';

/** Up to so many bytes a thread would take longer to start. */
const SMALL_BYTES = 256 << 10;

/**
 * Each of the elements that repeat, as JSON. Errors: `SourceCorrupt` where the document is not well-formed, `SourceRefused` where
 * its records cannot be told or it is not safe.
 */
export const xmlRecords: ReadRecords = async function* (file, { signal }) {
  const path = parseRecordPath(await recordsOf(file, signal));
  const elements = new WholeElements(path);
  const parser = new XmlParser(file.name, elements, XML_LIMITS);
  let [split, parsed, before] = [0, 0, 0];
  for await (const { bytes, base, last, windows } of splitting(
    file.path,
    new XmlSplitter(path, { windowBytes: 1 }),
    signal,
  )) {
    for (const { records } of windows) split += records;
    parser.write(bytes, base);
    if (last) parser.end();
    const records = elements.take();
    parsed += records.length;
    if (records.length > 0) yield records;
    before = elements.isInside && records.length === 0 ? before + bytes.length : 0;
    if (before > RECORD_BYTES) throw tooLong(file.name, parser.line);
  }
  if (split !== parsed) throw disagree(file.name, split, parsed);
};

function recordsOf({ path, name, bytes }: OpenedFile, signal: AbortSignal): Promise<string> {
  if (bytes <= SMALL_BYTES) return Promise.resolve(findRecords(path, name));
  return inThread('activities/ingest/xml/find-records.thread.ts', { path, name }, () => undefined, signal);
}

/** Makes the elements at a path into texts, whole. */
class WholeElements implements XmlEvents {
  readonly #path: RecordPath;
  /** Names of the elements around the records that are open, and how many of them lead there. */
  readonly #around: string[] = [];
  #matched = 0;
  #whole: ElementJson | undefined;
  #records: TextRecord[] = [];

  constructor(path: RecordPath) {
    this.#path = path;
  }

  get isInside(): boolean {
    return this.#whole !== undefined;
  }

  open(name: string, attributes: readonly string[]): void {
    if (this.#whole) {
      this.#whole.open(name, attributes);
      return;
    }
    const step = this.#matched === this.#around.length ? this.#path[this.#matched] : undefined;
    const fits = step !== undefined && fitsStep(step, name);
    if (fits && this.#matched + 1 === this.#path.length) {
      this.#whole = new ElementJson(attributes);
      return;
    }
    this.#around.push(name);
    if (fits) this.#matched += 1;
  }

  text(text: string): void {
    this.#whole?.text(text);
  }

  close(): void {
    if (!this.#whole) {
      this.#around.pop();
      this.#matched = Math.min(this.#matched, this.#around.length);
      return;
    }
    const text = this.#whole.close();
    if (text === undefined) return;
    this.#records.push({ text });
    this.#whole = undefined;
  }

  take(): readonly TextRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }
}

function tooLong(file: string, line: number): AcequiaError {
  return xmlRefused(
    { file, line },
    `A record is longer than ${RECORD_BYTES} bytes.`,
    'split its record into smaller ones',
  );
}

function disagree(name: string, split: number, parsed: number): AcequiaError {
  return new AcequiaError('ReadersDisagree', {
    what: 'Two independent readers of this XML document disagree on its records.',
    where: name,
    why: `One counts ${split}, the other ${parsed}.`,
    remedy: 'this is a fault of Acequia: report it, with the file if you can',
  });
}
