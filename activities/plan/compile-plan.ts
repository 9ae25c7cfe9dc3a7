import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  columnPlace,
  destinationName,
  parseColumnType,
  parseDuration,
  parseShare,
  type ColumnSpec,
  type Contract,
  type ContractMode,
  type DestinationDefinition,
  type DestinationPlace,
  type DestinationPlan,
  type FileSource,
  type ModelDefinition,
  type PipelineDefinition,
  type Plan,
  type RunOptions,
  type SourceColumn,
  type SourceKind,
  type SourcePlan,
  type TablePlan,
} from '../../workflows/definition/index.ts';
import { bigQueryReference } from '../../workflows/definition/bigquery-url.ts';
import { isWholePlace, placeBelow } from '../files/source-place.ts';
import type { TableColumns } from './bind-models.ts';
import { inOrder } from './order-tables.ts';
import type { Inbox } from './resolve-inbox.ts';

/** Where a definition says nothing. */
export const DEFAULT_FAIL_ABOVE = '1%';

/** What holds where a definition says nothing. */
const DEFAULT_CONTRACT: Contract = { newColumns: 'discard-value', missingColumns: 'freeze', types: 'discard-row' };

/** A source of files, with every default filled in and its files below the inbox. */
export function compileFileSource(
  name: string,
  source: FileSource,
  inbox: Inbox,
  timezone: string | undefined,
  { anyAge = false, corrections = {} }: RunOptions,
): SourcePlan {
  const ageless = anyAge || inbox.sample;
  const freshWithinMs = source.freshWithin && !ageless ? parseDuration(source.freshWithin) : undefined;
  const { kind, contract, key = [], keepLatestBy, encoding, dialect = {}, records, sheet, nested = 'tables' } = source;
  return {
    name,
    kind,
    path: placeBelow(inbox.folder, source.path),
    ...(isWholePlace(source.path) ? {} : { root: inbox.folder }),
    columns: Object.entries(source.columns).map(([column, spec]) => compileColumn(kind, column, spec, timezone)),
    contract: compileContract(contract),
    key,
    ...(keepLatestBy ? { keepLatestBy } : {}),
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

/** What is said of breaches, and what holds where nothing is. */
export function compileContract(said: ContractMode | Partial<Contract> | undefined): Contract {
  return typeof said === 'string' ? everyBreach(said) : { ...DEFAULT_CONTRACT, ...said };
}

/** One mode for every kind of breach. */
export function everyBreach(mode: ContractMode): Contract {
  return { newColumns: mode, missingColumns: mode, types: mode };
}

export function compileColumn(
  kind: SourceKind,
  path: string,
  spec: ColumnSpec,
  zone: string | undefined,
): SourceColumn {
  const { type: text, formats = [] } = typeof spec === 'string' ? { type: spec } : spec;
  const parsed = parseColumnType(text);
  if (!parsed) throw new Error(`column ${path}: ${text} passed validation and is no type`);
  const zoned = zone !== undefined && parsed.type.kind === 'timestamptz';
  return { ...columnPlace(kind, path), ...parsed, formats, ...(zoned ? { zone } : {}) };
}

/** The destinations that the selected models are published to, each with its tables, referenced tables first. */
export function compileDestinations(
  definition: PipelineDefinition,
  selected: readonly string[],
  columns: ReadonlyMap<string, TableColumns>,
  out: string,
  fullRefresh: readonly string[] = [],
): DestinationPlan[] {
  const byName = new Map<string, { place: DestinationPlace; tables: TablePlan[] }>();
  for (const model of selected) {
    for (const destination of definition.models[model]?.publish ?? []) {
      const name = destinationName(destination);
      const { place = placeOf(destination, out), tables = [] } = byName.get(name) ?? {};
      const table = {
        ...compileTable(model, name, definition, columns),
        ...compileLoading(destination, definition.models[model], fullRefresh.includes(model)),
      };
      byName.set(name, { place, tables: [...tables, table] });
    }
  }
  return [...byName].map(([name, { place, tables }]) => ({
    name,
    ...place,
    tables: inOrder(
      tables,
      (table) => table.references.map((reference) => reference.table).filter((other) => other !== table.name),
      name,
    ),
  }));
}

function placeOf(destination: DestinationDefinition, out: string): DestinationPlace {
  if (destination.kind === 'bigquery') {
    const { kind, place } = destination;
    return { kind, path: destinationName(destination), server: bigQueryReference(place) };
  }
  const { kind } = destination;
  if (kind === 'postgres') {
    const { setting, schema } = destination;
    return { kind, path: destinationName(destination), server: { setting, ...(schema ? { schema } : {}) } };
  }
  // What a setting names may be whole already, and lie in a bucket.
  const path = isWholePlace(destination.path)
    ? destination.path.replace(/(?<=.)\/+$/, '')
    : join(out, destination.path);
  if (kind !== 'ducklake' || destination.setting === undefined) return { kind, path };
  return { kind, path, server: { setting: destination.setting } };
}

/** How a table is loaded, where a definition says it. */
function compileLoading(
  destination: DestinationDefinition,
  { keepLatestBy, partOf }: Pick<ModelDefinition, 'keepLatestBy' | 'partOf'> = {},
  isRefreshed = false,
): Partial<TablePlan> {
  const { missing, vanishAtMost, structure } = destination;
  // What a merge has gathered over many loads is made anew from all that there is.
  const mode = destination.mode === 'merge' && isRefreshed ? 'replace' : destination.mode;
  const share = vanishAtMost === undefined ? undefined : parseShare(vanishAtMost);
  return {
    ...(mode ? { mode } : {}),
    ...(missing ? { missing } : {}),
    ...(share === undefined ? {} : { vanishAtMost: share }),
    ...(structure === 'freeze' ? { freeze: true } : {}),
    ...(mode === 'merge' && keepLatestBy ? { keepLatestBy } : {}),
    ...(mode === 'merge' && partOf ? { partOf } : {}),
    ...('partitionBy' in destination ? { partitionBy: destination.partitionBy } : {}),
  };
}

/** A reference becomes a foreign key only where the table it points to is published to the same place. */
function compileTable(
  name: string,
  destination: string,
  definition: PipelineDefinition,
  columns: ReadonlyMap<string, TableColumns>,
): TablePlan {
  const model = definition.models[name];
  const neighbours = Object.entries(definition.models)
    .filter(([, other]) => other.publish?.some((one) => destinationName(one) === destination))
    .map(([other]) => other);
  return {
    name,
    ...(model?.from === undefined ? { columns: columns.get(name) ?? [] } : takenOver(name, model.from, definition)),
    key: model?.key ?? [],
    references: Object.entries(model?.references ?? {}).flatMap(([column, reference]) => {
      const [table = '', to = ''] = reference.split('.');
      return neighbours.includes(table) ? [{ column, table, to }] : [];
    }),
    indexes: model?.indexes ?? [],
  };
}

/** A table of a source has the columns that it was staged with. */
function takenOver(
  name: string,
  from: string,
  { sources }: Pick<PipelineDefinition, 'sources'>,
): Pick<TablePlan, 'columns' | 'from' | 'staged' | 'cursorOf'> {
  const staged = from.replace(/^source\./, '');
  const source = sources[staged];
  const isInParts = source?.kind === 'postgres' && source.cursor !== undefined;
  return {
    columns: [],
    from: 'source',
    ...(staged === name ? {} : { staged }),
    ...(isInParts ? { cursorOf: staged } : {}),
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
