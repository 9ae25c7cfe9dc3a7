import type { ColumnType } from '../../../workflows/definition/index.ts';
import { isBlank } from './blank.ts';
import { classify, fractionDigits, KINDS, kindsThat, wholeDigits, type ValueKind } from './classify.ts';

/** What the values of a column have in common, as data that threads can send. */
export interface EvidenceData {
  readonly values: number;
  readonly blanks: number;
  /** Types that hold every value so far exactly. */
  readonly fits: readonly ColumnType['kind'][];
  /** Digits before and after the point, at most seen; of values that are plain numbers. */
  readonly wholeDigits: number;
  readonly fractionDigits: number;
  /** For each type that was ruled out: the 1-based line whose value did it, where it is known. The value itself stays in the file. */
  readonly ruledOut: readonly { readonly kind: ColumnType['kind']; readonly line: number }[];
}

/** No value seen: everything would fit. */
export const NO_EVIDENCE: EvidenceData = {
  values: 0,
  blanks: 0,
  fits: KINDS,
  wholeDigits: 0,
  fractionDigits: 0,
  ruledOut: [],
};

/** Gathers what the values of one column have in common. Of the types, those that can be inferred: see `KINDS`. */
export class TypeEvidence {
  private values = 0;
  private blanks = 0;
  private fits = kindsThat(KINDS);
  private whole = 0;
  private fraction = 0;
  /** By kind, in the order of `KINDS`; 0: not ruled out, or not known where. */
  private readonly lines = new Float64Array(KINDS.length);

  /**
   * One value: the UTF-8 span `from` to `to`, on the 1-based `line` of the file. `kind`: what the format says of it;
   * `plain` where it says nothing (CSV, XML). A blank plain text is no value. A blank JSON string is one: as a date or
   * number it could not be told from `null`.
   */
  see(kind: ValueKind, bytes: Uint8Array, from: number, to: number, line: number): void {
    if (kind === 'plain' && isBlank(bytes, from, to)) {
      this.blanks += 1;
      return;
    }
    this.values += 1;
    const fits = classify(kind, bytes, from, to);
    this.keep(fits, line);
    const whole = wholeDigits(bytes, from, to, fits);
    if (whole === 0) return;
    this.whole = Math.max(this.whole, whole);
    this.fraction = Math.max(this.fraction, fractionDigits(bytes, from, to));
  }

  /** A cell without a value. */
  seeNothing(): void {
    this.blanks += 1;
  }

  merge(data: EvidenceData): void {
    this.values += data.values;
    this.blanks += data.blanks;
    this.fits &= kindsThat(data.fits);
    this.whole = Math.max(this.whole, data.wholeDigits);
    this.fraction = Math.max(this.fraction, data.fractionDigits);
    for (const { kind, line } of data.ruledOut) {
      const index = KINDS.findIndex((known) => known === kind);
      const before = this.lines[index] ?? 0;
      if (index >= 0 && (before === 0 || line < before)) this.lines[index] = line;
    }
  }

  data(): EvidenceData {
    return {
      values: this.values,
      blanks: this.blanks,
      fits: KINDS.filter((_, index) => (this.fits & (1 << index)) !== 0),
      wholeDigits: this.whole,
      fractionDigits: this.fraction,
      ruledOut: KINDS.flatMap((kind, index) => {
        const line = this.lines[index]!;
        return line > 0 ? [{ kind, line }] : [];
      }),
    };
  }

  /** Rules out what is not among `fits`. */
  private keep(fits: number, line: number): void {
    const fallen = this.fits & ~fits;
    this.fits &= fits;
    if (fallen === 0) return;
    for (let index = 0; index < KINDS.length; index += 1) if (fallen & (1 << index)) this.lines[index] = line;
  }
}
