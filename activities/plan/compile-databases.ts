import { bigQueryName } from '../../workflows/definition/bigquery-url.ts';
import {
  ABILITIES,
  isOfDatabase,
  parseDuration,
  parseShare,
  settingOf,
  type DatabasePlan,
  type DatabaseReference,
  type DatabaseSource,
  type DatabaseTable,
  type PipelineDefinition,
  type SourcePlan,
  type TableSource,
} from '../../workflows/definition/index.ts';
import { compileColumn, compileContract, DEFAULT_FAIL_ABOVE } from './compile-plan.ts';
import type { SqlFile } from './read-sql.ts';
import type { WantedDatabase } from './resolve-databases.ts';

const DEFAULT_LAG = '1m';
const DEFAULT_SCHEMA = 'public';

/** How a table's rows are held against its contract once they are landed. */
export function compileTableSource(name: string, source: DatabaseSource, timezone: string | undefined): SourcePlan {
  const { key = [], nested = 'json' } = source;
  const ownRows = source.kind === 'postgres' && formatOf(source) === 'parquet';
  return {
    name,
    kind: formatOf(source),
    path: `${databaseName(source)}/${tableName(name, source)}`,
    columns: Object.entries(source.columns).map(([path, spec]) => compileColumn(source.kind, path, spec, timezone)),
    contract: compileContract(source.contract),
    key,
    failAbove: parseShare(source.badRows?.failAbove ?? DEFAULT_FAIL_ABOVE) ?? 0,
    dialect: {},
    ...(ownRows ? { ownRows: true } : {}),
    nested: typeof nested === 'string' ? { '*': nested } : { '*': 'json', ...nested },
  };
}

/** The databases that a pipeline reads. */
export function wantedDatabases({ sources }: Pick<PipelineDefinition, 'sources'>): WantedDatabase[] {
  return Object.values(sources)
    .filter(isOfDatabase)
    .map((source) => {
      const setting = settingOf(source);
      return {
        name: databaseName(source),
        ...(setting === undefined ? {} : { setting }),
        url: ABILITIES[source.kind].url,
      };
    });
}

/** Names of sources that are queries, whose SQL stands in files of their own. */
export function querySources({ sources }: Pick<PipelineDefinition, 'sources'>): string[] {
  return Object.entries(sources).flatMap(([name, source]) => (isQuery(source) ? [name] : []));
}

function isQuery(source: PipelineDefinition['sources'][string]): boolean {
  return source.kind === 'bigquery' && source.table === undefined;
}

/**
 * The databases that the sources of a run are tables of, one for each place.
 *
 * @param references what people call a database → what leads to it
 * @param queries the SQL of sources that are queries, by their names
 */
export function compileDatabases(
  { sources, timezone = 'UTC' }: Pick<PipelineDefinition, 'sources' | 'timezone'>,
  selected: readonly string[],
  references: ReadonlyMap<string, DatabaseReference>,
  queries: ReadonlyMap<string, SqlFile>,
): DatabasePlan[] {
  const plans = new Map<string, DatabasePlan>();
  for (const name of selected) {
    const source = sources[name];
    if (source === undefined || !isOfDatabase(source)) continue;
    const database = databaseName(source);
    const { tables = [] } = plans.get(database) ?? {};
    plans.set(database, {
      // What a plan of an earlier version says of a Postgres stays as it was.
      ...(source.kind === 'postgres' ? {} : { kind: source.kind }),
      name: database,
      ...references.get(database),
      tables: [...tables, compileTable(name, source, timezone, queries.get(name)?.sql)],
    });
  }
  return [...plans.values()];
}

function compileTable(
  source: string,
  definition: DatabaseSource,
  timezone: string,
  query: string | undefined,
): DatabaseTable {
  const format = formatOf(definition);
  if (definition.kind !== 'postgres')
    return {
      source,
      schema: '',
      table: tableName(source, definition),
      format,
      ...(query === undefined ? {} : { query }),
    };
  const { cursor } = definition;
  const [schema = '', table = ''] = qualified(definition).split('.');
  return {
    source,
    schema,
    table,
    format,
    ...(cursor
      ? { cursor: { column: cursor.column, lagMs: parseDuration(cursor.lag ?? DEFAULT_LAG) ?? 0, timezone } }
      : {}),
  };
}

/** What a table becomes that lists are to be taken out of has to carry them; any other is carried with its types. */
function formatOf({ nested = 'json' }: Pick<DatabaseSource, 'nested'>): DatabaseTable['format'] {
  const ways = typeof nested === 'string' ? [nested] : Object.values(nested);
  return ways.includes('tables') ? 'jsonl' : 'parquet';
}

/** Of a query, its file. */
function tableName(name: string, source: DatabaseSource): string {
  return source.kind === 'postgres' ? qualified(source) : (source.table ?? `queries/${name}.sql`);
}

function qualified({ table }: TableSource): string {
  return table.includes('.') ? table : `${DEFAULT_SCHEMA}.${table}`;
}

/** What people call a database, one name for each place. */
export function databaseName(source: DatabaseSource): string {
  return source.kind === 'postgres' ? `postgres:${source.setting}` : bigQueryName(source.place);
}
