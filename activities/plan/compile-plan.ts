import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  parseColumnType,
  parseDuration,
  parseShare,
  type Column,
  type ColumnSpec,
  type DestinationPlan,
  type PipelineDefinition,
  type Plan,
  type RunOptions,
  type SourceDefinition,
  type SourcePlan,
  type TablePlan,
} from '../../workflows/definition/index.ts';
import type { TableColumns } from './bind-models.ts';
import { inOrder } from './order-tables.ts';

const DEFAULT_FAIL_ABOVE = '1%';

/** A source of a definition, with every default filled in and its file found below `inbox`. */
export function compileSource(name: string, source: SourceDefinition, inbox: string, anyAge: boolean): SourcePlan {
  const freshWithinMs = source.freshWithin && !anyAge ? parseDuration(source.freshWithin) : undefined;
  return {
    name,
    kind: source.kind,
    path: join(inbox, source.path),
    columns: Object.entries(source.columns).map(([column, spec]) => compileColumn(column, spec)),
    key: source.key ?? [],
    ...(freshWithinMs === undefined ? {} : { freshWithinMs }),
    failAbove: parseShare(source.badRows?.failAbove ?? DEFAULT_FAIL_ABOVE) ?? 0,
    newColumns: source.newColumns ?? 'warn',
    delimiter: source.dialect?.delimiter ?? ',',
    quote: source.dialect?.quote ?? '"',
  };
}

function compileColumn(name: string, spec: ColumnSpec): Column {
  const { type: text, formats = [] } = typeof spec === 'string' ? { type: spec } : spec;
  const parsed = parseColumnType(text);
  if (!parsed) throw new Error(`column ${name}: ${text} passed validation and is no type`);
  return { name, ...parsed, formats };
}

/** The destinations that the selected models are published to, each with its tables, referenced tables first. */
export function compileDestinations(
  definition: PipelineDefinition,
  selected: readonly string[],
  columns: ReadonlyMap<string, TableColumns>,
  out: string,
): DestinationPlan[] {
  const byPath = new Map<string, TablePlan[]>();
  for (const name of selected) {
    const model = definition.models[name];
    for (const { path } of model?.publish ?? []) {
      byPath.set(path, [...(byPath.get(path) ?? []), compileTable(name, path, definition, columns)]);
    }
  }
  return [...byPath].map(([path, tables]) => ({
    name: path,
    kind: 'sqlite',
    path: join(out, path),
    tables: inOrder(
      tables,
      (table) => table.references.map((reference) => reference.table).filter((other) => other !== table.name),
      path,
    ),
  }));
}

/** A reference becomes a foreign key only where the table it points to is published to the same place. */
function compileTable(
  name: string,
  path: string,
  definition: PipelineDefinition,
  columns: ReadonlyMap<string, TableColumns>,
): TablePlan {
  const model = definition.models[name];
  const neighbours = Object.entries(definition.models)
    .filter(([, other]) => other.publish?.some((destination) => destination.path === path))
    .map(([other]) => other);
  return {
    name,
    columns: columns.get(name) ?? [],
    key: model?.key ?? [],
    references: Object.entries(model?.references ?? {}).flatMap(([column, reference]) => {
      const [table = '', to = ''] = reference.split('.');
      return neighbours.includes(table) ? [{ column, table, to }] : [];
    }),
    indexes: model?.indexes ?? [],
  };
}

/** Gives a plan its digest: the same definition, options and places give the same one. */
export function sealPlan(plan: Omit<Plan, 'digest'>): Plan {
  const digest = createHash('sha256').update(JSON.stringify(plan)).digest('hex');
  return { ...plan, digest };
}

/** The day the run takes for today: as asked, as the sample needs it, or the day it started (UTC). */
export function resolveAsOf(
  definition: PipelineDefinition,
  sample: boolean,
  options: RunOptions,
  startedAt: string,
): string {
  return options.asOf ?? (sample ? definition.sample?.asOf : undefined) ?? startedAt.slice(0, 10);
}
