import { readNear } from '../types/int64.ts';
import type { ValueKind } from '../types/classify.ts';
import { type EvidenceData, NO_EVIDENCE, TypeEvidence } from '../types/evidence.ts';
import type { ColumnBuffer } from './column-buffer.ts';
import type { Carrier } from './layout.ts';

/** The types that hold every value of a carrier, besides text. */
const ALSO = {
  text: [],
  integer: ['integer', 'decimal'],
  decimal: ['decimal'],
  boolean: ['boolean'],
  date: ['date'],
  timestamp: ['timestamp'],
  // It is by declaration only: nothing else is proven by it.
  timestamptz: [],
} as const;

/** A column whose type is assumed, as its values show it. */
export interface ColumnFinding {
  /** Whether a value did not fit; the 1-based line of the first, else 0. */
  readonly disproved: boolean;
  readonly line: number;
  readonly evidence: EvidenceData;
}

/** What is known of the values of a column that is being built: of misfits one by one, of all others by what its carrier takes. */
export class ColumnEvidence {
  disproved = false;
  /** 1-based line of the first misfit. */
  private line = 0;
  /** Among the rows that are not settled yet; their cells are NULL. */
  private misfits = 0;
  private readonly carrier: Carrier;
  private readonly gathered = new TypeEvidence();

  constructor(carrier: Carrier) {
    this.carrier = carrier;
  }

  misfit(kind: ValueKind, bytes: Uint8Array, from: number, to: number, line: number): void {
    if (!this.disproved) this.line = line;
    this.disproved = true;
    this.misfits += 1;
    this.gathered.see(kind, bytes, from, to, line);
  }

  /** Takes account of the `rows` values that fitted, before they are forgotten. */
  settle(buffer: ColumnBuffer, rows: number): void {
    if (buffer.assumed) this.gathered.merge(this.fitting(buffer, rows));
    this.misfits = 0;
  }

  /** All that was settled, all misfits, and the `rows` of the present row group. */
  finding(buffer: ColumnBuffer, rows: number): ColumnFinding {
    const evidence = new TypeEvidence();
    evidence.merge(this.gathered.data());
    evidence.merge(this.fitting(buffer, rows));
    return { disproved: this.disproved, line: this.line, evidence: evidence.data() };
  }

  private fitting(buffer: ColumnBuffer, rows: number): EvidenceData {
    const values = buffer.present(rows);
    const blanks = Math.max(0, rows - values - this.misfits);
    if (values === 0) return { ...NO_EVIDENCE, blanks };
    const { carrier } = this;
    const scale = carrier.kind === 'decimal' ? carrier.scale : 0;
    const range = carrier.kind === 'integer' || carrier.kind === 'decimal' ? buffer.range(rows) : undefined;
    return {
      values,
      blanks,
      fits: ['text', ...ALSO[carrier.kind]],
      wholeDigits: range ? Math.max(digitsOf(range.least), digitsOf(range.greatest), scale + 1) - scale : 0,
      fractionDigits: scale,
      ruledOut: [],
    };
  }
}

function digitsOf(pair: Int32Array): number {
  return String(BigInt(Math.abs(readNear(pair, 0)))).length;
}
