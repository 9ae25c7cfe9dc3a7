import type { Override } from './definition/index.ts';
import { nameOverrides } from './overrides.ts';
import type { CheckOutcome, IngestedSource, Outcome, PublishedTable, TransformedTable } from './stages.ts';

/** Whether a run may publish, and how it ends if nothing else goes wrong. */
export interface Verdict {
  /** Names of what stops publishing. */
  readonly blocking: readonly string[];
  /** What would have stopped it, had not a person decided otherwise: by the checks' full names. */
  readonly overrides: readonly Override[];
  /** A sentence for each override that names no check, or one that cannot be overridden. While there are any, nothing may be published. */
  readonly problems: readonly string[];
  readonly outcome: Extract<Outcome, 'succeeded' | 'warned' | 'blocked'>;
}

/**
 * Judges everything that was found: guards of the sources, the sums, the checks.
 *
 * @param publishAnyway checks that must not stop this run, as a person named them
 */
export function judge(outcomes: readonly CheckOutcome[], publishAnyway: readonly Override[] = []): Verdict {
  const broken = outcomes.filter(({ status }) => status !== 'passed');
  const stopping = broken.filter((outcome) => outcome.blocking).map(({ name }) => name);
  const named = nameOverrides(publishAnyway, outcomes);
  const overrides = named.overrides.filter(
    ({ check }, index, all) => stopping.includes(check) && all.findIndex((one) => one.check === check) === index,
  );
  const blocking = stopping.filter((name) => !overrides.some(({ check }) => check === name));
  const told = { blocking, overrides, problems: named.problems };
  if (blocking.length > 0 || named.problems.length > 0) return { ...told, outcome: 'blocked' };
  const needsAttention = overrides.length > 0 || broken.some(({ severity }) => severity !== 'info');
  return { ...told, outcome: needsAttention ? 'warned' : 'succeeded' };
}

/** The guards of sources, and of tables with rules, in the form of checks. */
export function guardOutcomes(
  sources: readonly Pick<IngestedSource, 'guards'>[],
  tables: readonly Pick<TransformedTable, 'quarantined'>[] = [],
): CheckOutcome[] {
  const guards = [
    ...sources.flatMap((source) => source.guards),
    ...tables.flatMap(({ quarantined }) => (quarantined ? [quarantined.guard] : [])),
  ];
  return guards.map(({ name, severity, passed, rows = 1 }) => ({
    name,
    severity,
    status: passed ? 'passed' : 'failed',
    failed: passed ? 0 : rows,
    blocking: severity === 'error' || severity === 'critical',
  }));
}

type SourceSums = Pick<IngestedSource, 'name' | 'read' | 'staged' | 'quarantined' | 'deduplicated' | 'counted'>;

/**
 * The sums, in the form of checks that always block: each source's `read = staged + quarantined + deduplicated`, of a table of
 * a database `read` = what was counted there, and each
 * table that promises one row per row of a source, but for those that were taken out on purpose.
 */
export function accountingOutcomes(
  sources: readonly SourceSums[],
  tables: readonly TransformedTable[],
): CheckOutcome[] {
  const sums = sources.map(({ name, read, staged, quarantined, deduplicated }) => ({
    name: `${name}: every row read is staged${deduplicated === undefined ? '' : ', deduplicated'} or quarantined`,
    missing: Math.abs(read - staged - quarantined - (deduplicated ?? 0)),
  }));
  const counts = sources.flatMap(({ name, read, counted }) =>
    counted === undefined
      ? []
      : [{ name: `${name}: as many rows are read as its database has counted`, missing: Math.abs(read - counted) }],
  );
  const promises = tables.flatMap(({ name, rows, promisedRows, deduplicated, filtered, quarantined }) => {
    if (promisedRows === undefined) return [];
    const taken = { deduplicated, filtered, quarantined: quarantined?.rows };
    const words = Object.entries(taken).flatMap(([word, count]) => (count === undefined ? [] : [word]));
    const missing = Object.values(taken).reduce<number>((left, count = 0) => left - count, promisedRows - rows);
    const others = words.length > 0 ? ` that is not ${words.join(' or ')}` : '';
    return [{ name: `${name}: one row for each staged row${others}`, missing: Math.abs(missing) }];
  });
  return [...sums, ...counts, ...promises].map(({ name, missing }) => ({
    name,
    severity: 'critical',
    status: missing ? 'failed' : 'passed',
    failed: missing,
    blocking: true,
    unconditional: true,
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
