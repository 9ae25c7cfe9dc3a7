import { readSample } from './dialect-sample.ts';
import type { DialectDoubt, DialectReport, DialectWishes } from './dialect.ts';
import { findDialect } from './find-dialect.ts';
import { noHashLineFits } from './hash-lines.ts';

/** What the thread is asked to find. */
export interface DialectJob extends DialectWishes {
  readonly path: string;
}

export type DialectFound =
  | { readonly kind: 'report'; readonly report: DialectReport }
  | { readonly kind: 'doubt'; readonly doubt: DialectDoubt }
  | { readonly kind: 'empty' };

/** Looks at a file and finds its dialect. Blocks. */
export function runDialectJob({ path, ...wishes }: DialectJob): DialectFound {
  const found = findDialect(readSample(path), wishes, (dialect, width) => noHashLineFits(path, dialect, width));
  if (!found) return { kind: 'empty' };
  return 'dialect' in found ? { kind: 'report', report: found } : { kind: 'doubt', doubt: found };
}
