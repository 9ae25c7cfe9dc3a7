import type { Mapping } from '../../workflows/definition/index.ts';
import { fits } from '../../workflows/definition/shape-fit.ts';
import type { Shape } from './shape.ts';

/** A mapping and its place among all that are in force. */
export interface Candidate {
  readonly mapping: Mapping;
  readonly number: number;
}

/**
 * The mappings for a shape, in the order in which their conditions are tried: those that name more paths first. Of two
 * without conditions that name equally many nobody can say which: then there is none.
 *
 * @param mappings those in force, one version of each
 */
export function mappingsFor({ paths }: Shape, mappings: readonly Mapping[]): readonly Candidate[] {
  const fitting = mappings
    .map((mapping, number) => ({ mapping, number }))
    .filter(({ mapping }) => fits(paths, mapping.shape))
    .sort((a, b) => named(b) - named(a) || Number(isOpen(a)) - Number(isOpen(b)) || compare(a, b));
  const open = fitting.findIndex(isOpen);
  if (open < 0) return fitting;
  const rival = fitting[open + 1];
  if (rival && isOpen(rival) && named(rival) === named(fitting[open]!)) return [];
  // Behind one that takes everything no other is ever asked.
  return fitting.slice(0, open + 1);
}

function isOpen({ mapping }: Candidate): boolean {
  return mapping.when === undefined;
}

function named({ mapping: { shape } }: Candidate): number {
  return Object.keys(shape.required).length + Object.keys(shape.optional ?? {}).length;
}

function compare({ mapping: a }: Candidate, { mapping: b }: Candidate): number {
  return a.id < b.id ? -1 : 1;
}
