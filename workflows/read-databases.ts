import type { DatabaseSnapshot, Positions, SnapshotTable } from './database.ts';
import type { DatabasePlan, Plan, SourcePlan, TablePlan } from './definition/index.ts';
import type { StageCaller } from './stage-caller.ts';
import type { FailedSource, IngestedSource, LakeUri, PublishRequest, RunIdentity } from './stages.ts';

/** What a run has of the databases that it reads. */
export interface DatabasesRead {
  readonly tables: readonly SnapshotTable[];
  readonly failed: readonly FailedSource[];
}

/**
 * Reads the tables of every database, each database in one snapshot of its own, all of them beside each other. Tables that
 * are read in parts go on from where the destinations have come to.
 */
export async function readDatabases(
  run: RunIdentity,
  plan: Plan,
  lake: LakeUri,
  stage: StageCaller,
): Promise<DatabasesRead> {
  const { databases = [] } = plan;
  if (databases.length === 0) return { tables: [], failed: [] };
  const positions = await positionsOf(run, plan, databases, stage);
  const snapshots: DatabaseSnapshot[] = await Promise.all(
    databases.map((database) =>
      stage(
        {
          stage: 'snapshot',
          slice: database.name,
          summary: `Read ${database.tables.length} ${database.tables.length === 1 ? 'table' : 'tables'} in one snapshot`,
        },
        { run, lake, database, positions: positionsIn(database, positions) },
        ({ tables }) => ({
          rows: tables.reduce((sum, { rows }) => sum + rows, 0),
          bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
        }),
      ),
    ),
  );
  const failed = snapshots.flatMap((snapshot) => snapshot.failed);
  return { tables: snapshots.flatMap(({ tables }) => tables), failed };
}

/** Names of the destinations that are asked how far they have come. */
export function positionsAsked({ databases = [], destinations }: Plan): string[] {
  const inParts = sourcesInParts(databases);
  return destinations.flatMap(({ name, tables }) => (tables.some(isOneOf(inParts)) ? [name] : []));
}

function sourcesInParts(databases: readonly DatabasePlan[]): string[] {
  return databases.flatMap(({ tables }) => tables.flatMap(({ source, cursor }) => (cursor ? [source] : [])));
}

function isOneOf(sources: readonly string[]): (table: TablePlan) => boolean {
  return ({ cursorOf }) => cursorOf !== undefined && sources.includes(cursorOf);
}

/** A source with what was landed of it in the place of its files. One of no database stays as it is. */
export function withLanded(source: SourcePlan, tables: readonly SnapshotTable[]): SourcePlan {
  const table = tables.find((one) => one.source === source.name);
  return table ? { ...source, landed: table.landed } : source;
}

/** What was staged of a table, with how many rows it has at the source. */
export function withTotal(source: IngestedSource, tables: readonly SnapshotTable[]): IngestedSource {
  const table = tables.find((one) => one.source === source.name);
  return table ? { ...source, total: table.total, counted: table.rows } : source;
}

/** Table of a destination → how far it has come with this run's load; nothing where none is read in parts. */
export function positionsGiven(
  tables: readonly TablePlan[],
  read: readonly SnapshotTable[],
): Pick<PublishRequest, 'positions'> {
  const positions = tables.flatMap(({ name, cursorOf }) => {
    const position = read.find(({ source }) => source === cursorOf)?.position;
    return position === undefined ? [] : [[name, position] as const];
  });
  return positions.length > 0 ? { positions: Object.fromEntries(positions) } : {};
}

/**
 * Source → a position for each table that is loaded from it. Where one has none, there is none at all: what that table lacks
 * must be read.
 */
async function positionsOf(
  run: RunIdentity,
  { destinations, options }: Plan,
  databases: readonly DatabasePlan[],
  stage: StageCaller,
): Promise<Positions> {
  const inParts = sourcesInParts(databases);
  const found = new Map(inParts.map((source) => [source, [] as string[]]));
  for (const { tables, ...destination } of destinations) {
    const asked = tables.filter(isOneOf(inParts));
    if (asked.length === 0) continue;
    const known = await stage(
      { stage: 'positions', slice: destination.name, summary: 'Ask how far its tables have come' },
      { run, destination: { ...destination, tables: asked } },
    );
    for (const { name, cursorOf = '' } of asked) {
      const isAnew = options.fullRefresh?.includes(name) ?? false;
      const positions = isAnew ? [] : (known[name] ?? []);
      // What one of them lacks must be read for all.
      if (positions.length === 0) found.delete(cursorOf);
      else found.get(cursorOf)?.push(...positions);
    }
  }
  return Object.fromEntries(found);
}

function positionsIn({ tables }: DatabasePlan, positions: Positions): Positions {
  return Object.fromEntries(tables.flatMap(({ source }) => (positions[source] ? [[source, positions[source]]] : [])));
}
