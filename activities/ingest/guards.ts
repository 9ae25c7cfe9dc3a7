import { columnTypeName, type SourcePlan } from '../../workflows/definition/index.ts';
import type { GuardResult } from '../../workflows/stages.ts';
import { pathOf } from './contract/settled.ts';
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

/** What a contract that evolves has let become otherwise; asked only where one names columns. */
export function evolvedGuard({ name, columns }: SourcePlan, { tables }: SourceReport): GuardResult[] {
  if (columns.length === 0) return [];
  const all = tables.flatMap((table) => table.columns.map((column) => ({ ...column, list: table.list })));
  const told = all.flatMap((found) => {
    const label = `"${pathOf(found.list, found.name)}"`;
    if (found.origin === 'inferred') return [`${label} is new, ${found.type}`];
    const declared = columns.find((column) => column.list === found.list && column.name === found.name);
    const type = declared ? columnTypeName(declared.type) : undefined;
    return type === undefined || found.type.replace('!', '') === type
      ? []
      : [`${label} is ${found.type}, and was ${type}`];
  });
  return told.length === 0 ? [] : [{ name: `${name}: evolved`, severity: 'info', passed: false, detail: some(told) }];
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

/** No value was left out of a row, where the contract lets that be. */
export function discardedGuard(source: SourcePlan, { discarded }: { readonly discarded: number }): GuardResult[] {
  if (source.contract.types !== 'discard-value') return [];
  const values = `${discarded.toLocaleString('en-US')} ${discarded === 1 ? 'value was' : 'values were'}`;
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
