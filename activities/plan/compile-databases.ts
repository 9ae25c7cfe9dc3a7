import {
  parseDuration,
  parseShare,
  type DatabasePlan,
  type DatabaseReference,
  type DatabaseTable,
  type PipelineDefinition,
  type SourcePlan,
  type TableSource,
} from '../../workflows/definition/index.ts';
import { compileColumn, compileContract, DEFAULT_FAIL_ABOVE } from './compile-plan.ts';

const DEFAULT_LAG = '1m';
const DEFAULT_SCHEMA = 'public';

/** How a table's rows are held against its contract once they are landed. */
export function compileTableSource(name: string, source: TableSource, timezone: string | undefined): SourcePlan {
  const { key = [], nested = 'json' } = source;
  return {
    name,
    kind: formatOf(source),
    path: `${databaseName(source.setting)}/${tableName(source)}`,
    columns: Object.entries(source.columns).map(([path, spec]) => compileColumn('postgres', path, spec, timezone)),
    contract: compileContract(source.contract),
    key,
    failAbove: parseShare(source.badRows?.failAbove ?? DEFAULT_FAIL_ABOVE) ?? 0,
    dialect: {},
    ...(formatOf(source) === 'parquet' ? { ownRows: true } : {}),
    nested: typeof nested === 'string' ? { '*': nested } : { '*': 'json', ...nested },
  };
}

/**
 * The databases that the sources of a run are tables of, one for each setting.
 *
 * @param references setting → what leads to it
 */
export function compileDatabases(
  { sources, timezone = 'UTC' }: Pick<PipelineDefinition, 'sources' | 'timezone'>,
  selected: readonly string[],
  references: ReadonlyMap<string, DatabaseReference>,
): DatabasePlan[] {
  const tables = new Map<string, DatabaseTable[]>();
  for (const name of selected) {
    const source = sources[name];
    if (source?.kind !== 'postgres') continue;
    const others = tables.get(source.setting) ?? [];
    tables.set(source.setting, [...others, compileTable(name, source, timezone)]);
  }
  return [...tables].map(([setting, all]) => ({
    name: databaseName(setting),
    ...(references.get(setting) ?? { setting }),
    tables: all,
  }));
}

function compileTable(source: string, definition: TableSource, timezone: string): DatabaseTable {
  const { cursor } = definition;
  const [schema = '', table = ''] = tableName(definition).split('.');
  return {
    source,
    schema,
    table,
    format: formatOf(definition),
    ...(cursor
      ? { cursor: { column: cursor.column, lagMs: parseDuration(cursor.lag ?? DEFAULT_LAG) ?? 0, timezone } }
      : {}),
  };
}

/** What a table becomes that lists are to be taken out of has to carry them; any other is carried with its types. */
function formatOf({ nested = 'json' }: TableSource): DatabaseTable['format'] {
  const ways = typeof nested === 'string' ? [nested] : Object.values(nested);
  return ways.includes('tables') ? 'jsonl' : 'parquet';
}

function tableName({ table }: TableSource): string {
  return table.includes('.') ? table : `${DEFAULT_SCHEMA}.${table}`;
}

function databaseName(setting: string): string {
  return `postgres:${setting}`;
}
