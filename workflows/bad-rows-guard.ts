import type { GuardResult } from './stages.ts';

/** Few enough rows of a source, or of a table with rules, were quarantined. `failAbove`: a share from 0 to 1. */
export function badRowsGuard(
  about: { readonly name: string; readonly failAbove: number },
  counts: {
    readonly read: number;
    readonly quarantined: number;
    readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  },
): GuardResult {
  const { read, quarantined, reasons } = counts;
  const share = read === 0 ? 0 : quarantined / read;
  const tooMany = share > about.failAbove;
  const digits = percent(share, 2) === percent(about.failAbove, 2) ? 6 : 2;
  const named = reasons.slice(0, 5).map(({ reason, rows }) => `${count(rows)} × ${reason}`);
  if (reasons.length > named.length) named.push('…');
  return {
    name: `${about.name}: bad rows`,
    severity: tooMany ? 'error' : 'warning',
    passed: quarantined === 0,
    rows: quarantined,
    detail:
      quarantined === 0
        ? ''
        : `${count(quarantined)} of ${count(read)} ${read === 1 ? 'row' : 'rows'} quarantined (${percent(share, digits)}, ` +
          `limit ${percent(about.failAbove, digits)}): ${named.join(', ')}`,
  };
}

function count(rows: number): string {
  return rows.toLocaleString('en-US');
}

function percent(share: number, digits: number): string {
  return `${Number((share * 100).toPrecision(digits))} %`;
}
