import type { DestinationPlan, TablePlan } from './definition/index.ts';
import type { IngestedSource, PublishRequest, StagedTable } from './stages.ts';

/**
 * What a destination gets: the tables that the plan names, and where it takes what was staged, those of the sources.
 * `made`: the tables of the models, which may have the names of sources.
 */
export function publishedTables(
  { tables, staged, ...destination }: DestinationPlan,
  sources: readonly IngestedSource[],
  made: readonly StagedTable[],
): Pick<PublishRequest, 'destination' | 'tables'> {
  const ofSources = staged
    ? sources.flatMap((source) =>
        source.tables.map(({ name }, i) => sourceTable(name, i, staged, source.tables.length)),
      )
    : [];
  const wanted = [...tables, ...ofSources];
  const read = sources.flatMap((source) => source.tables);
  const given = wanted.flatMap((table) => {
    const staged = stagedName(table);
    const found = (table.from === 'source' ? read : made).find(({ name }) => name === staged);
    return found ? { ...found, name: table.name } : [];
  });
  return {
    // A table of a source that could not be read is not published.
    destination: {
      ...destination,
      tables: wanted.filter(({ name, from }) => from !== 'source' || given.some((table) => table.name === name)),
    },
    tables: given,
  };
}

/** What a table was staged as. */
export function stagedName({ name, staged = name }: Pick<TablePlan, 'name' | 'staged'>): string {
  return staged;
}

/** What identifies a row of a nested list, which has none of its record's columns. */
const LIST_KEY = ['_parent', '_position'];

function sourceTable(
  name: string,
  index: number,
  { partitionBy, keepLatestBy, key, ...loading }: NonNullable<DestinationPlan['staged']>,
  tables: number,
): TablePlan {
  // Lists do not know how late their record is: beside them, the load's rows are the later ones.
  const latest = keepLatestBy && tables === 1 ? { keepLatestBy } : {};
  const own = index === 0 ? { key, ...(partitionBy ? { partitionBy } : {}), ...latest } : { key: LIST_KEY };
  return { ...loading, ...own, name, from: 'source', columns: [], references: [], indexes: [] };
}
