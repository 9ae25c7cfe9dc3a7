import { AcequiaError } from '../../failure/acequia-error.ts';
import type { CsvFormat } from '../csv/csv-format.ts';
import { QUOTED, DOUBLED, type CsvRecord } from '../csv/csv-record.ts';
import { CsvSplitter } from '../csv/csv-splitter.ts';
import { CsvTokenizer, type RecordHandler } from '../csv/csv-tokenizer.ts';
import { detectDialect } from '../csv/detect-dialect.ts';
import type { Window } from '../rows/reading.ts';
import { WindowSource } from '../rows/window-bytes.ts';
import { brokenText } from './json-text.ts';
import { splitting } from './splitting.ts';
import type { ReadRecords, TextRecord } from './text-record.ts';

const WINDOW_BYTES = 1 << 18;

/** Delimited text: each record an object of texts by the header. What stands nowhere is null, what stands between quotes is a text. */
export const csvRecords: ReadRecords = async function* (file, { signal }) {
  const { dialect } = await detectDialect(file.path, {}, signal, { name: file.name });
  const format: CsvFormat = { kind: 'csv', ...dialect };
  const splitter = new CsvSplitter(format, { windowBytes: WINDOW_BYTES, name: file.name });
  const gathered = new GatheredRecords(format);
  const tokenizer = new CsvTokenizer(format, gathered);
  let source: WindowSource | undefined;
  for await (const { file: opened, windows } of splitting(file.path, splitter, signal)) {
    source ??= new WindowSource(opened, file.path);
    for (const window of windows) {
      tokenizer.begin(window.line, window.index === 0);
      source.bytesOf(window).each((bytes, base, last) => tokenizer.consume(bytes, base, last));
      if (tokenizer.records !== window.records || tokenizer.fields !== window.fields) throw disagree(file.name, window);
    }
    const records = gathered.take();
    if (records.length > 0) yield records;
  }
};

/** The tokenizer's records as texts. */
class GatheredRecords implements RecordHandler {
  readonly quickEnd = 0;
  readonly #names: readonly string[];
  readonly #quote: string;
  #records: TextRecord[] = [];

  constructor({ names, quote }: CsvFormat) {
    this.#names = names.map((name) => JSON.stringify(name));
    this.#quote = quote;
  }

  quick(): number {
    return 0;
  }

  good(record: CsvRecord): void {
    const members = this.#names.map((name, field) => `${name}:${this.#valueOf(record, field)}`);
    this.#records.push({ text: `{${members.join(',')}}` });
  }

  broken(defect: string, _line: number, bytes: Uint8Array, _base: number, start: number, end: number): void {
    this.#records.push(brokenText(bytes, start, end, defect));
  }

  suspicious(): void {
    // What is wrong with it is the reason for which it is put aside.
  }

  take(): readonly TextRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  #valueOf({ bytes, from, to, marks }: CsvRecord, field: number): string {
    const [start, end, mark] = [from[field]!, to[field]!, marks[field]!];
    if (start === end && (mark & QUOTED) === 0) return 'null';
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
    return JSON.stringify((mark & DOUBLED) === 0 ? text : text.replaceAll(this.#quote + this.#quote, this.#quote));
  }
}

function disagree(name: string, { line }: Window): AcequiaError {
  return new AcequiaError('ReadersDisagree', {
    what: 'Two independent readers of this file disagree on its records.',
    where: `${name}:${line}`,
    remedy: 'look at the file around that line; if it is well-formed, this is a fault of Acequia: report it',
  });
}
