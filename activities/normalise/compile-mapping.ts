import type { Mapping, TargetPlan } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import { compileColumn } from './compile-column.ts';
import { ValuePaths } from './value-paths.ts';

/** A mapping as SQL over a relation of records: `record`, `values`, and `row_…` of what stands beside them. */
export interface CompiledMapping {
  /**
   * The target's columns by their names, typed, and `reason`: why the record cannot be such a row, or NULL; `misfit` is the column
   * that it is about. Before them what is `kept` of the relation.
   */
  select(relation: string, kept: readonly string[]): string;
  /** SQL: whether the mapping is for a record, of `values`. */
  readonly applies: string;
}

/**
 * Compiles a mapping for a target. Error `DefinitionInvalid`: a format makes no sense.
 *
 * @param beside columns that stand beside the records, without `row_`; what others a mapping names is NULL
 */
export function compileMapping(
  mapping: Pick<Mapping, 'columns' | 'when'>,
  { columns, rules }: Pick<TargetPlan, 'columns' | 'rules'>,
  beside: readonly string[],
): CompiledMapping {
  const paths = new ValuePaths(beside);
  const compiled = columns.map((column) => compileColumn(column, mapping.columns[column.name], paths));
  const leaves = compiled.flatMap((column) => column.leaves);
  const broken = rules.map(({ name, that }) => `WHEN NOT coalesce(${that}, true) THEN ${literal(name)}`);
  const cases = [
    ...compiled.map(({ name, problem }) => `WHEN ${problem} IS NOT NULL THEN ${literal(`${name}: `)} || ${problem}`),
    ...broken,
  ];
  const misfits = compiled.map(({ name, problem }) => `WHEN ${problem} IS NOT NULL THEN ${literal(name)}`);
  // Each step sees what the ones before it have added, and computes it once.
  const steps = [
    paths.lists(),
    leaves.map(({ source }) => source),
    ...(['taken', 'typed', 'reason'] as const).map((step) => leaves.flatMap((leaf) => leaf[step] ?? [])),
    compiled.map(({ value }) => value),
    compiled.map(({ judged }) => judged),
    compiled.map(({ name }) => `${identifier(`c_${name}`)} AS ${identifier(name)}`),
    [`CASE ${cases.join(' ')} END AS reason`, `CASE ${misfits.join(' ')} END AS misfit`],
  ];
  const made = [...columns.map(({ name }) => identifier(name)), 'reason', 'misfit'];
  return {
    applies: paths.standalone(mapping.when ?? []),
    select: (relation, kept) =>
      `SELECT ${[...kept, ...made].join(', ')} FROM ${steps.reduce(
        (below, step) => (step.length === 0 ? below : `(SELECT *, ${step.join(', ')} FROM ${below})`),
        relation,
      )}`,
  };
}
