import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  columnPlace,
  parseColumnType,
  parseDuration,
  parseShare,
  type ColumnSpec,
  type Contract,
  type ContractMode,
  type DestinationPlan,
  type PipelineDefinition,
  type Plan,
  type RunOptions,
  type SourceColumn,
  type SourceDefinition,
  type SourcePlan,
  type TablePlan,
} from '../../workflows/definition/index.ts';
import type { TableColumns } from './bind-models.ts';
import { inOrder } from './order-tables.ts';
import type { Inbox } from './resolve-inbox.ts';

const DEFAULT_FAIL_ABOVE = '1%';

/** What holds where a definition says nothing. */
const DEFAULT_CONTRACT: Contract = { newColumns: 'discard-value', missingColumns: 'freeze', types: 'discard-row' };

/** A source of a definition, with every default filled in and its files below the inbox. */
export function compileSource(
  name: string,
  source: SourceDefinition,
  inbox: Inbox,
  { anyAge = false, corrections = {} }: RunOptions,
): SourcePlan {
  const ageless = anyAge || inbox.sample;
  const freshWithinMs = source.freshWithin && !ageless ? parseDuration(source.freshWithin) : undefined;
  const { kind, contract, key = [], encoding, dialect = {}, records, sheet, nested = 'tables' } = source;
  return {
    name,
    kind,
    path: join(inbox.folder, source.path),
    root: inbox.folder,
    columns: Object.entries(source.columns).map(([column, spec]) => compileColumn(kind, column, spec)),
    contract: typeof contract === 'string' ? everyBreach(contract) : { ...DEFAULT_CONTRACT, ...contract },
    key,
    ...(freshWithinMs === undefined ? {} : { freshWithinMs }),
    failAbove: parseShare(source.badRows?.failAbove ?? DEFAULT_FAIL_ABOVE) ?? 0,
    ...(encoding ? { encoding } : {}),
    dialect,
    ...(records ? { records } : {}),
    ...(sheet ? { sheet } : {}),
    nested: typeof nested === 'string' ? { '*': nested } : nested,
    ...(corrections[name] ? { corrections: corrections[name].map(({ path }) => path) } : {}),
  };
}

/** One mode for every kind of breach. */
export function everyBreach(mode: ContractMode): Contract {
  return { newColumns: mode, missingColumns: mode, types: mode };
}

function compileColumn(kind: SourceDefinition['kind'], path: string, spec: ColumnSpec): SourceColumn {
  const { type: text, formats = [] } = typeof spec === 'string' ? { type: spec } : spec;
  const parsed = parseColumnType(text);
  if (!parsed) throw new Error(`column ${path}: ${text} passed validation and is no type`);
  return { ...columnPlace(kind, path), ...parsed, formats };
}

/** The destinations that the selected models are published to, each with its tables, referenced tables first. */
export function compileDestinations(
  definition: PipelineDefinition,
  selected: readonly string[],
  columns: ReadonlyMap<string, TableColumns>,
  out: string,
): DestinationPlan[] {
  const byPath = new Map<string, { kind: DestinationPlan['kind']; tables: TablePlan[] }>();
  for (const name of selected) {
    const model = definition.models[name];
    for (const { kind, path, mode } of model?.publish ?? []) {
      const { tables } = byPath.get(path) ?? { tables: [] };
      const table = { ...compileTable(name, path, definition, columns), ...(mode ? { mode } : {}) };
      byPath.set(path, { kind, tables: [...tables, table] });
    }
  }
  return [...byPath].map(([path, { kind, tables }]) => ({
    name: path,
    kind,
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
  definition: Pick<PipelineDefinition, 'sample'>,
  sample: boolean,
  options: RunOptions,
  startedAt: string,
): string {
  return options.asOf ?? (sample ? definition.sample?.asOf : undefined) ?? startedAt.slice(0, 10);
}
