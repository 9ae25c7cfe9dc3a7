import type { RowsSummary } from './reading.ts';

type Warning = RowsSummary['warnings'][number];

/** Kinds that are kept apart: a file of another nature cannot fill the memory with them. */
const MOST_KINDS = 200;
const TOLD = 20;

/** Warnings by what they say: where each was first seen, and how often. */
export class WarningList {
  private readonly warnings = new Map<string, { line: number; rows: number }>();

  add(what: string, line: number, rows = 1): void {
    const known = this.warnings.get(what);
    if (known !== undefined) {
      known.rows += rows;
      if (line < known.line) known.line = line;
    } else if (this.warnings.size < MOST_KINDS) this.warnings.set(what, { line, rows });
  }

  merge(warnings: readonly Warning[]): void {
    for (const { what, line, rows } of warnings) this.add(what, line, rows);
  }

  /** The most frequent, at most 20. */
  told(): Warning[] {
    return this.all().slice(0, TOLD);
  }

  all(): Warning[] {
    return Array.from(this.warnings, ([what, { line, rows }]) => ({ what, line, rows })).sort(
      (a, b) => b.rows - a.rows || a.line - b.line,
    );
  }
}
