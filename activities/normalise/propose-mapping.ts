import {
  parsePath,
  type Mapping,
  type MappingShape,
  type TargetColumnPlan,
  type TargetPlan,
  type Term,
  type ValueKind,
} from '../../workflows/definition/index.ts';
import { columnFit, type ColumnFit } from './column-fit.ts';
import { nameFit } from './field-names.ts';
import type { SampleValues } from './sample-values.ts';
import type { Shape } from './shape.ts';

/** A mapping that somebody may approve, and what speaks for it. */
export interface Proposal {
  readonly mapping: Mapping;
  readonly columns: readonly ProposedColumn[];
  /** Required columns that nothing fits, each with what stands in the way. */
  readonly missing: readonly { readonly column: string; readonly why: string }[];
}

export interface ProposedColumn {
  readonly column: string;
  readonly path: string;
  /** `name and values`, and what they are; or which of both. */
  readonly why: string;
  /** `high`: it is called so, and is written so. `low`: only the values say so. */
  readonly sure: 'high' | 'medium' | 'low';
}

interface Candidate extends ColumnFit {
  readonly column: TargetColumnPlan;
  readonly path: string;
  /** From 0 to 1. */
  readonly name: number;
}

/** From where on a name counts as the column's own. */
const OWN_NAME = 0.85;

/**
 * Proposes how records of a shape become rows, by the names of their fields and the formats of their values. It only proposes:
 * what two readings would make different values of is left out. The order of names makes no difference.
 *
 * @param values of some of the records, at the paths of the shape
 */
export function proposeMapping(
  { id, paths }: Shape,
  values: SampleValues,
  { columns }: Pick<TargetPlan, 'columns'>,
): Proposal {
  const doubts = new Map<string, string>();
  const candidates = columns.flatMap((column) =>
    isRaw(column, columns) ? [] : candidatesFor(column, paths, values, doubts),
  );
  const chosen = assign(candidates, columns);
  const terms = new Map<string, Term>(chosen.map(({ column, path, reading }) => [column.name, { path, ...reading }]));
  for (const column of columns) {
    const of = isRaw(column, columns);
    const source = of && chosen.find((one) => one.column.name === of);
    if (source) terms.set(column.name, { path: source.path });
  }
  return {
    mapping: {
      id: `shape-${id.replace(/^sh_/, '')}`,
      version: 1,
      summary: `Proposed for the shape ${id}`,
      shape: wholeShape(paths),
      columns: Object.fromEntries(columns.flatMap(({ name }) => (terms.has(name) ? [[name, terms.get(name)!]] : []))),
    },
    columns: chosen.map(({ column, path, name, because, telling }) => ({
      ...{ column: column.name, path },
      why: name > 0 ? `name and values: ${because}` : `values alone: ${because}`,
      sure: name >= OWN_NAME ? 'high' : name > 0 && telling ? 'medium' : 'low',
    })),
    missing: columns
      .filter(({ name, required, row }) => required && row === undefined && !terms.has(name))
      .map(({ name }) => ({ column: name, why: doubts.get(name) ?? 'no field is called so, or holds such values' })),
  };
}

/** A mapping for a shape takes these records and no others: what may be null may also be missing. */
export function wholeShape(paths: Shape['paths']): MappingShape {
  const named = Object.entries(paths).filter(([path]) => path !== '');
  const required = named.filter(([, kind]) => kind !== 'null');
  const empty = named.filter(([, kind]) => kind === 'null').map(([path]) => [path, 'text|number|boolean'] as const);
  if (required.length === 0) return { required: Object.fromEntries(named) };
  return {
    required: Object.fromEntries(required),
    ...(empty.length > 0 ? { optional: Object.fromEntries(empty) } : {}),
  };
}

/** `status_raw` is what `status` was made from: the column that it belongs to. */
function isRaw({ name }: TargetColumnPlan, columns: readonly TargetColumnPlan[]): string | undefined {
  const of = /^(.+)_raw$/.exec(name)?.[1];
  return columns.some((column) => column.name === of) ? of : undefined;
}

function candidatesFor(
  column: TargetColumnPlan,
  paths: Readonly<Record<string, ValueKind>>,
  values: SampleValues,
  doubts: Map<string, string>,
): Candidate[] {
  return Object.entries(paths).flatMap(([path, kind]) => {
    // One value is wanted: not an element of a list, of which there are many.
    if (path === '' || path.includes('[]') || parsePath(path) === undefined) return [];
    const name = nameFit(column.name, path);
    const fit = columnFit(column, kind, values.get(path) ?? []);
    if (typeof fit === 'string' && name > 0) doubts.set(column.name, `${path}: ${fit}`);
    if (fit === undefined || typeof fit === 'string' || (name <= 0 && !fit.telling)) return [];
    return [{ column, path, name: Math.max(0, name), ...fit }];
  });
}

/** The best first; a path goes to one column, but that the currency may be written beside its number. */
function assign(candidates: readonly Candidate[], columns: readonly TargetColumnPlan[]): Candidate[] {
  const place = ({ name }: TargetColumnPlan): number => columns.findIndex((column) => column.name === name);
  const sorted = [...candidates].sort(
    (a, b) => score(b) - score(a) || place(a.column) - place(b.column) || (a.path < b.path ? -1 : 1),
  );
  const chosen: Candidate[] = [];
  for (const candidate of sorted) {
    if (chosen.some(({ column }) => column.name === candidate.column.name)) continue;
    const isShared = (other: Candidate): boolean => other.path === candidate.path && !isBeside(other, candidate);
    if (chosen.some(isShared)) continue;
    // Where only values speak, two fields that are written alike cannot be told apart.
    const alike = sorted.filter(({ column, name }) => column === candidate.column && name === 0);
    if (candidate.name === 0 && alike.length > 1) continue;
    chosen.push(candidate);
  }
  return chosen.sort((a, b) => place(a.column) - place(b.column));
}

function isBeside({ reading: one }: Candidate, { reading: other }: Candidate): boolean {
  return one.capture !== undefined && other.capture !== undefined && one.capture !== other.capture;
}

function score({ name, telling }: Candidate): number {
  return name + (telling ? 0.05 : 0);
}
