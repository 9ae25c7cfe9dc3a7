import type { TypeEvidence } from '../types/evidence.ts';
import { FindingList } from './finding-list.ts';
import type { RowLayout } from './layout.ts';
import { RowGroupEncoder, writeRowGroup, type RowGroupMeta } from './parquet-file.ts';
import { recordText } from './record-text.ts';
import { RowBuilder } from './row-builder.ts';
import { planRowFiles, type OpenRowFile } from './row-files.ts';
import type { FieldFinding, RowsSummary } from './reading.ts';
import type { RecordOutput, RecordPlace, TableOutput } from './record-output.ts';
import { WarningList } from './warning-list.ts';

/** Bytes of rows from which on they are written as a row group, also within a window. */
const GROUP_BYTES = 24 << 20;
const GROUP_ROWS = 1 << 18;

/** A row group that was written, and to which of the row files. */
export interface WrittenGroup {
  readonly file: number;
  readonly group: RowGroupMeta;
}

/** What a thread has learnt besides rows. */
export interface Learnt {
  readonly findings: readonly FieldFinding[];
  readonly warnings: RowsSummary['warnings'];
  /** By table and column, of those whose type is only assumed: where it was first disproved (0: nowhere), and what is known of all values. */
  readonly assumed: readonly Omit<FieldFinding, 'kind'>[];
}

/** The rows that one thread makes, and where they go. Without files they go nowhere. */
export class WindowOutput implements RecordOutput {
  readonly tables: readonly [TableOutput, ...TableOutput[]];
  private readonly brokenRows: RowBuilder;
  private readonly builders: readonly RowBuilder[];
  private readonly layout: RowLayout;
  private readonly files: readonly OpenRowFile[] | undefined;
  private readonly encoder = new RowGroupEncoder();
  private readonly findings = new FindingList();
  private readonly warnings = new WarningList();
  private written: WrittenGroup[] = [];
  /** Rows so far, by row file. */
  private readonly counts: number[];

  /** `name`: for `_file`. */
  constructor(layout: RowLayout, name: string, files?: readonly OpenRowFile[]) {
    this.layout = layout;
    this.files = files;
    this.builders = planRowFiles(layout).map(({ columns, provenance }) => {
      const builder = new RowBuilder(columns, provenance);
      const file = provenance.indexOf('_file');
      if (file >= 0) builder.constant(columns.length + file, name);
      return builder;
    });
    this.counts = this.builders.map(() => 0);
    const table = (index: number): TableOutput => ({
      good: this.builders[2 * index]!,
      suspect: this.builders[2 * index + 1]!,
    });
    this.tables = [table(0), ...layout.tables.slice(1).map((_, index) => table(index + 1))];
    this.brokenRows = this.builders.at(-1)!;
  }

  /** Records that were put since the thread began: good, suspect and broken. */
  get records(): number {
    return this.rowsOf(0) + this.rowsOf(1) + this.brokenRecords;
  }

  get brokenRecords(): number {
    return this.rowsOf(this.builders.length - 1);
  }

  broken(record: RecordPlace, reason: string, bytes: Uint8Array, from: number, to: number): void {
    const { brokenRows } = this;
    const text = recordText(bytes, from, to);
    const why = Buffer.from(reason, 'utf8');
    brokenRows.integer(0, record.line);
    brokenRows.integer(1, record.offset);
    brokenRows.integer(2, record.length);
    brokenRows.text(3, why, 0, why.length);
    brokenRows.text(4, text, 0, text.length);
    brokenRows.endRow();
    this.settle();
  }

  finding(table: string, field: string, kind: FieldFinding['kind'], line: number): TypeEvidence {
    return this.findings.note(table, field, kind, line);
  }

  warn(what: string, line: number): void {
    this.warnings.add(what, line);
  }

  settle(): void {
    for (let file = 0; file < this.builders.length; file += 1) {
      const builder = this.builders[file]!;
      if (builder.rows >= GROUP_ROWS || (builder.rows > 0 && builder.bytes >= GROUP_BYTES)) this.flush(file);
    }
  }

  /** Writes what there is, and returns the row groups since the last time. */
  take(): WrittenGroup[] {
    for (let file = 0; file < this.builders.length; file += 1) if (this.builders[file]!.rows > 0) this.flush(file);
    const { written } = this;
    this.written = [];
    return written;
  }

  learnt(): Learnt {
    const assumed = this.layout.tables.flatMap((table, index) =>
      table.columns.flatMap((column, position) => {
        if (column.onMisfit !== 'widen') return [];
        const { good } = this.tables[index]!;
        const { line, evidence } = good.evidence(position);
        return [{ table: table.path, field: column.field, line, evidence }];
      }),
    );
    return { findings: this.findings.all(), warnings: this.warnings.all(), assumed };
  }

  private get disproved(): boolean {
    return this.tables.some(({ good }) => good.disproved);
  }

  private rowsOf(file: number): number {
    return this.counts[file]! + this.builders[file]!.rows;
  }

  private flush(file: number): void {
    const builder = this.builders[file]!;
    const to = this.files?.[file];
    this.counts[file]! += builder.rows;
    // With findings the file is read again: these rows will not be looked at.
    if (to !== undefined && !this.disproved && this.findings.empty) {
      this.written.push({ file, group: writeRowGroup(to.fd, to.offset, this.encoder.encode(builder)) });
    }
    builder.clear();
  }
}
