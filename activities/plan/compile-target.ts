import {
  parseColumnType,
  type DrainDefinition,
  type TargetColumn,
  type TargetColumnPlan,
  type TargetPlan,
} from '../../workflows/definition/index.ts';

/** The columns that records are made into, with every default filled in. */
export function compileTarget(
  { columns, rules = [] }: Pick<DrainDefinition['into'], 'columns' | 'rules'>,
  timezone: string | undefined,
): Pick<TargetPlan, 'columns' | 'rules'> {
  return { columns: Object.entries(columns).map(([name, spec]) => compileColumn(name, spec, timezone)), rules };
}

function compileColumn(name: string, spec: TargetColumn, zone: string | undefined): TargetColumnPlan {
  const { type: text, oneOf, like, row } = typeof spec === 'string' ? { type: spec } : spec;
  const parsed = parseColumnType(text);
  if (!parsed) throw new Error(`column ${name}: ${text} passed validation and is no type`);
  return {
    name,
    ...parsed,
    formats: [],
    ...(zone !== undefined && parsed.type.kind === 'timestamptz' ? { zone } : {}),
    ...(oneOf ? { oneOf } : {}),
    ...(like ? { like } : {}),
    ...(row ? { row } : {}),
  };
}
