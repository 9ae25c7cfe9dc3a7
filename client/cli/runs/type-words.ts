import type { ColumnReport } from '../../../activities/ingest/staging/source-report.ts';
import { count } from '../figures.ts';

type Kind = ColumnReport['ruledOut'][number]['kind'];

/** Types that would have been taken before one that was chosen, had every value fitted them. */
const NARROWER: Readonly<Partial<Record<string, readonly Kind[]>>> = {
  decimal: ['integer'],
  text: ['integer', 'decimal', 'boolean', 'date', 'timestamp'],
};

/**
 * Why a column has the type it has, in a few words: `declared`, `line 17 is no date`, or nothing where no value ever spoke
 * against the narrowest. Of several, the line that held out longest is the one that decided.
 */
export function whyType({ type, origin, ruledOut }: ColumnReport): string {
  if (origin === 'declared') return 'declared';
  const narrower = NARROWER[baseType(type)] ?? [];
  const against = ruledOut.filter(({ kind }) => narrower.includes(kind));
  const last = Math.max(0, ...against.map(({ line }) => line));
  const kinds = against.filter(({ line }) => line === last).map(({ kind }) => kind);
  if (kinds.length === 0) return '';
  return kinds.length > 2
    ? `line ${count(last)} fits nothing narrower`
    : `line ${count(last)} is no ${kinds.join(', no ')}`;
}

/** Every type that was ruled out, by the first line that did it: `integer by line 4, date by line 2`. */
export function allRuledOut({ ruledOut }: ColumnReport): string {
  return [...ruledOut]
    .sort((a, b) => b.line - a.line)
    .map(({ kind, line }) => (line > 0 ? `${kind} by line ${count(line)}` : kind))
    .join(', ');
}

/** `decimal` for `decimal(10,2)!`. */
function baseType(type: string): string {
  return type.replace(/[(!].*$/, '');
}
