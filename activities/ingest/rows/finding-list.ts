import { TypeEvidence } from '../types/evidence.ts';
import type { FieldFinding } from './reading.ts';

interface Found {
  readonly table: string;
  readonly field: string;
  readonly kinds: Set<FieldFinding['kind']>;
  line: number;
  order: number;
  readonly evidence: TypeEvidence;
}

/** Findings by table and field. What is sometimes a value and sometimes a list is `mixed`. */
export class FindingList {
  private readonly found = new Map<string, Found>();

  get empty(): boolean {
    return this.found.size === 0;
  }

  /** Notes a field, and returns the evidence that its values are given to. `order`: among the fields of its line. */
  note(
    table: string,
    field: string,
    kind: FieldFinding['kind'],
    line: number,
    order: number = this.found.size,
  ): TypeEvidence {
    const key = JSON.stringify([table, field]);
    const known = this.found.get(key);
    if (known === undefined) {
      const evidence = new TypeEvidence();
      this.found.set(key, { table, field, kinds: new Set([kind]), line, order, evidence });
      return evidence;
    }
    known.kinds.add(kind);
    if (line < known.line) Object.assign(known, { line, order });
    return known.evidence;
  }

  merge(findings: readonly FieldFinding[]): void {
    for (const { table, field, kind, line, order, evidence } of findings)
      this.note(table, field, kind, line, order).merge(evidence);
  }

  /** By line, then as they stand in it: the same whatever thread came first. */
  all(): FieldFinding[] {
    return Array.from(this.found.values(), ({ table, field, kinds, line, order, evidence }) => {
      const data = evidence.data();
      return { table, field, kind: kindOf(kinds, data.values), line, order, evidence: data };
    }).sort((a, b) => a.line - b.line || a.order - b.order || compare(a.table, b.table) || compare(a.field, b.field));
  }
}

/** A field that had no value but NULL where it was no list is a list. */
function kindOf(kinds: ReadonlySet<FieldFinding['kind']>, values: number): FieldFinding['kind'] {
  const [only, ...more] = kinds;
  if (only !== undefined && more.length === 0) return only;
  return values === 0 && !kinds.has('mixed') ? 'list' : 'mixed';
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
