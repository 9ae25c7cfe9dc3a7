import { AcequiaError } from '../../failure/acequia-error.ts';
import type { Counted, FormatReader, WindowParser } from './format-reader.ts';
import type { FormatJob, RowsJob, Window } from './reading.ts';
import type { OpenRowFile } from './row-files.ts';
import { splitFile } from './split-file.ts';
import { WindowSource } from './window-bytes.ts';
import { WindowOutput, type Learnt, type WrittenGroup } from './window-output.ts';

/** What became of one window. */
export interface WindowResult {
  readonly index: number;
  readonly bytes: number;
  readonly records: number;
  /** Of those, the broken ones. */
  readonly broken: number;
  readonly groups: readonly WrittenGroup[];
}

/** The work of a thread that parses: windows in, row groups out. */
export class WindowReader {
  private readonly job: RowsJob;
  private readonly reader: FormatReader<FormatJob>;
  private readonly file: number;
  private readonly source: WindowSource;
  private readonly output: WindowOutput;
  private readonly parser: WindowParser;

  /** `file`: the job's file, open. `rowFiles`: absent in a sample. */
  constructor(job: RowsJob, reader: FormatReader<FormatJob>, file: number, rowFiles?: readonly OpenRowFile[]) {
    this.job = job;
    this.reader = reader;
    this.file = file;
    this.source = new WindowSource(file, job.path);
    this.output = new WindowOutput(job.layout, job.name, rowFiles);
    this.parser = this.createParser(this.output);
  }

  /**
   * Reads a window. Error `ReadersDisagree` where the first reader counts other than the second has counted.
   */
  async read(window: Window): Promise<WindowResult> {
    const { records: recordsBefore, brokenRecords: brokenBefore } = this.output;
    const counted = await this.parser.parse(window, this.source.bytesOf(window));
    if (this.reader.createSplitter !== undefined && !agree(counted, window)) throw await this.disagreement(window);
    const groups = this.output.take();
    const records = this.output.records - recordsBefore;
    const broken = this.output.brokenRecords - brokenBefore;
    if (records !== counted.records) {
      throw new AcequiaError('NotAccounted', {
        what: `Of ${counted.records} records, ${records} became rows or broken records.`,
        where: `${this.job.name}:${window.line}`,
        remedy: 'this is a fault of Acequia: report it, with the file if you can',
      });
    }
    return { index: window.index, bytes: window.end - window.start, records, broken, groups };
  }

  learnt(): Learnt {
    return this.output.learnt();
  }

  /** Reads the window again, slowly, both readers record by record, for the first one where they differ. */
  private async disagreement(window: Window): Promise<AcequiaError> {
    const records: Window[] = [];
    const splitter = this.reader.createSplitter?.(this.job.format, {
      windowBytes: 1,
      from: window,
      name: this.job.name,
    });
    if (splitter) splitFile(this.file, splitter, { ...window, last: true }, (record) => records.push(record));
    const parser = this.createParser(new WindowOutput(this.job.layout, this.job.name));
    for (const record of records) {
      const counted = await parser.parse(record, this.source.bytesOf(record));
      if (!agree(counted, record)) return disagree(this.job.name, record, counted);
    }
    return disagree(this.job.name, window, undefined);
  }

  private createParser(output: WindowOutput): WindowParser {
    const { format, layout, name, sampleBytes } = this.job;
    return this.reader.createParser(format, { output, layout, name, sample: sampleBytes !== undefined });
  }
}

function agree(counted: Counted, window: Window): boolean {
  return counted.records === window.records && counted.fields === window.fields;
}

function disagree(name: string, { line, records, fields }: Window, counted: Counted | undefined): AcequiaError {
  const why = counted
    ? `One counts ${numbered(records, 'record')} of ${numbered(fields, 'field')} there, the other ${numbered(counted.records, 'record')} of ${numbered(counted.fields, 'field')}.`
    : 'They differ in the records that begin there, though not in any one of them alone.';
  return new AcequiaError('ReadersDisagree', {
    what: 'Two independent readers of this file disagree on its records. Nothing of it is loaded.',
    where: `${name}:${line}`,
    why,
    remedy: 'look at the file around that line; if it is well-formed, this is a fault of Acequia: report it',
  });
}

function numbered(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
