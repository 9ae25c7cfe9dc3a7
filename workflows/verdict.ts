import type { CheckOutcome, IngestedSource, Outcome, PublishedTable, TransformedTable } from './stages.ts';

/** Whether a run may publish, and how it ends if nothing else goes wrong. */
export interface Verdict {
  /** Names of what stops publishing. */
  readonly blocking: readonly string[];
  readonly outcome: Extract<Outcome, 'succeeded' | 'warned' | 'blocked'>;
}

/** Judges everything that was found: guards of the sources, the sums, the checks. */
export function judge(outcomes: readonly CheckOutcome[]): Verdict {
  const broken = outcomes.filter(({ status }) => status !== 'passed');
  const blocking = broken.filter((outcome) => outcome.blocking).map(({ name }) => name);
  if (blocking.length) return { blocking, outcome: 'blocked' };
  return { blocking, outcome: broken.some(({ severity }) => severity !== 'info') ? 'warned' : 'succeeded' };
}

/** The guards of a source, in the form of checks. */
export function guardOutcomes(sources: readonly IngestedSource[]): CheckOutcome[] {
  return sources.flatMap((source) =>
    source.guards.map(({ name, severity, passed, rows = 1 }) => ({
      name,
      severity,
      status: passed ? 'passed' : 'failed',
      failed: passed ? 0 : rows,
      blocking: severity === 'error' || severity === 'critical',
    })),
  );
}

/**
 * The sums, in the form of checks that always block: each source's `read = staged + quarantined`, and each table that
 * promises one row per row of a source.
 */
export function accountingOutcomes(
  sources: readonly IngestedSource[],
  tables: readonly TransformedTable[],
): CheckOutcome[] {
  const sums = sources.map((source) => ({
    name: `${source.name}: every row read is staged or quarantined`,
    missing: Math.abs(source.read - source.staged - source.quarantined),
  }));
  const promises = tables.flatMap((table) =>
    table.promisedRows === undefined
      ? []
      : [{ name: `${table.name}: one row for each staged row`, missing: Math.abs(table.promisedRows - table.rows) }],
  );
  return [...sums, ...promises].map(({ name, missing }) => ({
    name,
    severity: 'critical',
    status: missing ? 'failed' : 'passed',
    failed: missing,
    blocking: true,
  }));
}

/** What each destination says of its tables, in the form of checks. It is asked while publishing, so that none can block. */
export function structureOutcomes(published: readonly PublishedTable[]): CheckOutcome[] {
  return published.map(({ name, destination, differences }) => ({
    name: `${destination}: ${name} has the structure that was declared`,
    severity: 'error',
    status: differences.length ? 'failed' : 'passed',
    failed: differences.length,
    blocking: false,
  }));
}
