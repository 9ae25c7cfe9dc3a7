import type { SourcePlan } from '../../workflows/definition/index.ts';
import type { GuardResult } from '../../workflows/stages.ts';
import { instant } from '../files/found-file.ts';
import type { SourceReport } from './staging/source-report.ts';

/** The newest file was changed within the promised time before the run started. */
export function freshGuard(source: SourcePlan, modifiedMs: number, startedAt: string): GuardResult[] {
  if (source.freshWithinMs === undefined) return [];
  const started = Date.parse(startedAt);
  const passed = started - modifiedMs <= source.freshWithinMs;
  return [
    {
      name: `${source.name}: fresh`,
      severity: 'error',
      passed,
      detail: passed
        ? ''
        : `${source.path} was last changed at ${instant(modifiedMs)}; this run started at ${instant(started)}, ` +
          `${span(started - modifiedMs)} later, and at most ${span(source.freshWithinMs)} is promised; --any-age takes it all the same`,
    },
  ];
}

/** The files have the columns of the contract, and no others. */
export function columnsGuard(source: SourcePlan, { leftOut, missing }: SourceReport): GuardResult {
  const names = leftOut.map((name) => JSON.stringify(name)).join(', ');
  const told = [
    ...(leftOut.length > 0
      ? [`left out, as the contract does not name ${leftOut.length === 1 ? 'it' : 'them'}: ${names}`]
      : []),
    ...missing.map(({ column, files }) => `"${column}" is missing in ${some(files)}`),
  ];
  return {
    name: `${source.name}: columns`,
    severity: 'warning',
    passed: told.length === 0,
    detail: told.join('; '),
  };
}

/** Nothing about the files was strange or unsure. */
export function readingGuard(source: SourcePlan, { files }: SourceReport): GuardResult {
  const told = files.flatMap(({ name, warnings }) => warnings.map((warning) => `${name}: ${warning}`));
  return {
    name: `${source.name}: reading`,
    severity: 'warning',
    passed: told.length === 0,
    detail: some(told),
  };
}

function some(texts: readonly string[]): string {
  const more = texts.length > 3 ? ` and ${texts.length - 3} more` : '';
  return `${texts.slice(0, 3).join('; ')}${more}`;
}

/** Few enough rows were quarantined. */
export function badRowsGuard(
  source: SourcePlan,
  counts: {
    readonly read: number;
    readonly quarantined: number;
    readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  },
): GuardResult {
  const { read, quarantined, reasons } = counts;
  const share = read === 0 ? 0 : quarantined / read;
  const tooMany = share > source.failAbove;
  const digits = percent(share, 2) === percent(source.failAbove, 2) ? 6 : 2;
  const named = reasons.slice(0, 5).map(({ reason, rows }) => `${count(rows)} × ${reason}`);
  if (reasons.length > named.length) named.push('…');
  return {
    name: `${source.name}: bad rows`,
    severity: tooMany ? 'error' : 'warning',
    passed: quarantined === 0,
    rows: quarantined,
    detail:
      quarantined === 0
        ? ''
        : `${count(quarantined)} of ${count(read)} ${read === 1 ? 'row' : 'rows'} quarantined (${percent(share, digits)}, ` +
          `limit ${percent(source.failAbove, digits)}): ${named.join(', ')}`,
  };
}

/** No value was left out of a row, where the contract lets that be. */
export function discardedGuard(source: SourcePlan, { discarded }: { readonly discarded: number }): GuardResult[] {
  if (source.contract.types !== 'discard-value') return [];
  const values = `${count(discarded)} ${discarded === 1 ? 'value was' : 'values were'}`;
  return [
    {
      name: `${source.name}: discarded values`,
      severity: 'warning',
      passed: discarded === 0,
      rows: discarded,
      detail: discarded === 0 ? '' : `${values} not of the column's type and left out; they stand in the quarantine`,
    },
  ];
}

function count(rows: number): string {
  return rows.toLocaleString('en-US');
}

function percent(share: number, digits: number): string {
  return `${Number((share * 100).toPrecision(digits))} %`;
}

/** In the largest unit that fits, with at most one decimal. */
function span(ms: number): string {
  const [unit, size] = (
    [
      ['days', 86_400_000],
      ['hours', 3_600_000],
      ['minutes', 60_000],
    ] as const
  ).find(([, size]) => ms >= size) ?? ['seconds', 1_000];
  const value = Math.round((ms / size) * 10) / 10;
  return `${value} ${value === 1 ? unit.slice(0, -1) : unit}`;
}
