import type { Window } from '../rows/reading.ts';

/** The windows of a second reader: where the present one began, and what it has counted. */
export class WindowMarks {
  records = 0;
  fields = 0;
  /** 1-based line of the byte that is read. */
  line: number;
  private readonly windowBytes: number;
  private index: number;
  private start: number;
  private startLine: number;
  private firstRecord: number;

  /** `start`: the file's byte where the first window begins. `from`: begin there instead. */
  constructor(windowBytes: number, start: number, from?: Window) {
    this.windowBytes = windowBytes;
    this.index = from?.index ?? 0;
    this.start = from?.start ?? start;
    this.line = from?.line ?? 1;
    this.startLine = this.line;
    this.firstRecord = from?.record ?? 1;
  }

  /** Before a record that begins at byte `at`, or between two: the window ends here if it is long enough. */
  offer(at: number, found: (window: Window) => void): void {
    if (this.records > 0 && at - this.start >= this.windowBytes) this.close(at, found);
  }

  /** The window ends before byte `at`, if it holds a record. */
  close(at: number, found: (window: Window) => void): void {
    if (this.records > 0) {
      const { index, start, startLine: line, firstRecord: record, records, fields } = this;
      found({ index, start, end: at, line, record, records, fields });
      this.index += 1;
    }
    this.firstRecord += this.records;
    this.records = 0;
    this.fields = 0;
    this.restart(at);
  }

  /** The window begins at byte `at`: what stood before belongs to none. */
  restart(at: number): void {
    this.start = at;
    this.startLine = this.line;
  }
}
