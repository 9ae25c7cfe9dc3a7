import type { TablePlan } from '../../../workflows/definition/index.ts';
import { identifier } from '../../duckdb/identifiers.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import type { Publisher, PublishedRows, Reading, StandingTable } from '../publisher.ts';
import { databasePlace } from './database-place.ts';
import type { DatabaseEngine } from './engine.ts';
import { entriesOf, positionIn } from './ledger.ts';
import { publishToDatabase } from './publish.ts';

/** Databases that DuckDB can attach: one transaction there is one publication. */
export function databasePublisher(engine: DatabaseEngine): Publisher {
  return {
    publish: async (request, work, variables) =>
      publishToDatabase(engine, await databasePlace(request.destination, variables, work.signal), request, work),
    positions: async (reading, tables) => {
      if (!(await openToRead(engine, reading))) return {};
      const { session } = reading;
      const found: [string, readonly string[]][] = [];
      for (const name of tables) {
        const position = (await engine.tableAt(session, name)) && (await positionIn(session, engine, name));
        found.push([name, position === undefined ? [] : [position]]);
      }
      return Object.fromEntries(found);
    },
    standing: (reading, tables) => standing(engine, reading, tables),
    published: (reading, table) => published(engine, reading, table),
    problem: (error, place) => engine.problem(error, place),
  };
}

/** Opens a database to be read; `false` where there is none yet. */
async function openToRead(engine: DatabaseEngine, { session, place, variables, work }: Reading): Promise<boolean> {
  try {
    await engine.open(session, await databasePlace(place, variables, work.signal), 'read');
    return true;
  } catch (error) {
    const problem = engine.problem(error, place.path);
    if (problem instanceof AcequiaError && problem.type === 'DestinationMissing') return false;
    throw problem;
  }
}

async function standing(
  engine: DatabaseEngine,
  reading: Reading,
  names: readonly string[],
): Promise<Map<string, StandingTable>> {
  const { session } = reading;
  const found = new Map<string, StandingTable>();
  if (!(await openToRead(engine, reading))) return found;
  const [at] = await session.rows<{ schema: string }>('SELECT current_schema() AS schema');
  for (const name of names) {
    const there = await engine.tableAt(session, name);
    if (!there) continue;
    const relation = ['destination', at?.schema ?? 'main', name].map(identifier).join('.');
    found.set(name, { relation, columns: there.columns.map((column) => column.name) });
  }
  await session.run('USE memory');
  return found;
}

async function published(
  engine: DatabaseEngine,
  { session, place, variables, work }: Reading,
  { name }: TablePlan,
): Promise<PublishedRows> {
  await engine.open(session, await databasePlace(place, variables, work.signal), 'read');
  const loads = await entriesOf(session, engine, name);
  const there = await engine.tableAt(session, name);
  const found = { columns: there?.columns ?? [], loads, mapping: engine.column, foreign: [] };
  return there ? { ...found, relation: identifier(name) } : found;
}
