import { provenanceOf } from '../../../../activities/names/provenance.ts';
import type { ColumnBuffer } from '../../../../activities/ingest/rows/column-buffer.ts';
import { FindingList } from '../../../../activities/ingest/rows/finding-list.ts';
import type { RowColumn, RowLayout, RowTable } from '../../../../activities/ingest/rows/layout.ts';
import type { RecordOutput, TableOutput } from '../../../../activities/ingest/rows/record-output.ts';
import { RowBuilder } from '../../../../activities/ingest/rows/row-builder.ts';

/** Cells as text, by column; a cell that is NULL is absent. */
export type Row = Readonly<Record<string, string>>;

export interface Broken {
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly reason: string;
  readonly text: string;
}

/** Keeps the rows that a parser builds, to look at. */
export class BuiltRows implements RecordOutput {
  readonly tables: RecordOutput['tables'];
  readonly brokenRecords: Broken[] = [];
  readonly findings = new FindingList();

  constructor(layout: RowLayout) {
    const asText = (column: RowColumn): RowColumn => ({
      ...column,
      carrier: { kind: 'text' },
      required: false,
      onMisfit: 'suspect',
    });
    const table = ({ columns }: RowTable, provenance: readonly string[]): TableOutput => {
      return {
        good: new RowBuilder(columns, provenance),
        suspect: new RowBuilder(columns.map(asText), provenance),
      };
    };
    const all = layout.tables.map((one) => table(one, provenanceOf(one.path, layout.key, layout.tables)));
    this.tables = [all[0]!, ...all.slice(1)];
  }

  get good(): Row[][] {
    return this.tables.map(({ good }) => rowsOf(good));
  }

  get suspects(): Row[][] {
    return this.tables.map(({ suspect }) => rowsOf(suspect));
  }

  broken(
    { line, offset, length }: { line: number; offset: number; length: number },
    reason: string,
    bytes: Uint8Array,
    from: number,
    to: number,
  ): void {
    const text = Buffer.from(bytes.subarray(from, to)).toString('latin1');
    this.brokenRecords.push({ line, offset, length, reason, text });
  }

  finding(...[table, field, kind, line]: Parameters<RecordOutput['finding']>): ReturnType<RecordOutput['finding']> {
    return this.findings.note(table, field, kind, line);
  }

  warn(): void {
    // Nobody is told.
  }

  settle(): void {
    // All rows are kept.
  }
}

function rowsOf(builder: RowBuilder): Row[] {
  return Array.from({ length: builder.rows }, (_, row) =>
    Object.fromEntries(
      builder.buffers.flatMap((buffer) => (buffer.valid[row] === 1 ? [[buffer.name, cell(buffer, row)]] : [])),
    ),
  );
}

function cell(buffer: ColumnBuffer, row: number): string {
  const { words, width, carrier } = buffer;
  if (carrier.kind === 'text') return text(buffer, words[row]!);
  if (width === 1) return carrier.kind === 'boolean' ? String(words[row] === 1) : String(words[row]);
  const whole = (BigInt(words[2 * row + 1]!) << 32n) | BigInt(words[2 * row]! >>> 0);
  if (carrier.kind !== 'decimal' || carrier.scale === 0) return String(whole);
  const digits = String(whole < 0n ? -whole : whole).padStart(carrier.scale + 1, '0');
  return `${whole < 0n ? '-' : ''}${digits.slice(0, -carrier.scale)}.${digits.slice(-carrier.scale)}`;
}

function text({ coded, dictionary, plain }: ColumnBuffer, word: number): string {
  const from = coded ? dictionary!.plain : plain;
  const at = coded ? dictionary!.starts[word]! : word;
  const length = Buffer.from(from.buffer, from.byteOffset).readInt32LE(at);
  return Buffer.from(from.subarray(at + 4, at + 4 + length)).toString('utf8');
}
