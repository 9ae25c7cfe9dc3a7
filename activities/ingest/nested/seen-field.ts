import { TypeEvidence } from '../types/evidence.ts';

/** What was met of a field where the layout has no place for it. */
export class SeenField {
  /** Shapes other than NULL, as bits of `field-node.ts`. */
  shapes = 0;
  /** 1-based line where it was first met. */
  readonly line: number;
  /** Of values since the last report. */
  evidence: TypeEvidence | undefined;
  /** NULLs since the last report. */
  nulls = 0;

  constructor(line: number) {
    this.line = line;
  }

  value(): TypeEvidence {
    return (this.evidence ??= new TypeEvidence());
  }
}
