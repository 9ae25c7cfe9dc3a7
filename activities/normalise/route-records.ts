import type { Session } from '../duckdb/session.ts';
import type { CompiledMapping } from './compile-mapping.ts';
import type { KnownShape, ShapeBook } from './shape-book.ts';
import type { Shape } from './shape.ts';

/** Tables of one batch. */
interface Tables {
  readonly batch: string;
  readonly special: string;
  /** Is made. */
  readonly routed: string;
}

/**
 * Finds the shape of each record, and the mapping that it takes. `routed` has `place` (the row's id in `batch`), `special_values`
 * (what stands for the record), `shape_id`, `mapping_number` (NULL: none) and `problem`: why it is no record. Returns the shapes by
 * their ids.
 *
 * @param compiled of the book's mappings, by number
 */
export async function routeRecords(
  session: Session,
  { batch, special, routed }: Tables,
  book: ShapeBook,
  compiled: (number: number) => CompiledMapping,
): Promise<ReadonlyMap<string, Shape>> {
  const [shaped, routes] = [`${batch}_shaped`, `${batch}_routes`];
  await session.run(`
    CREATE TABLE ${shaped} AS
    SELECT b.rowid AS place, special_values, problem,
      CASE WHEN special_structure IS NOT NULL THEN special_structure
           WHEN problem IS NULL AND record IS NOT NULL THEN CAST(json_structure(record) AS VARCHAR) END AS structure
    FROM ${batch} AS b LEFT JOIN ${special} AS s ON b.rowid = s.place`);
  const structures = await session.rows<{ structure: string }>(
    `SELECT DISTINCT structure FROM ${shaped} WHERE structure IS NOT NULL`,
  );
  const known = structures.map(({ structure }) => ({ structure, ...book.of(structure) }));
  const ways = waysOf(known);
  await session.run(`CREATE TABLE ${routes} (structure VARCHAR, shape_id VARCHAR, way INTEGER, refused VARCHAR)`);
  const appender = await session.connection.createAppender(routes);
  for (const { structure, shape, candidates, problem } of known) {
    appender.appendVarchar(structure);
    appender.appendVarchar(shape.id);
    appender.appendInteger([...ways.keys()].indexOf(keyOf(candidates)));
    if (problem === undefined) appender.appendNull();
    else appender.appendVarchar(problem);
    appender.endRow();
  }
  appender.closeSync();
  await session.run(`
    CREATE TABLE ${routed} AS
    SELECT place, special_values, r.shape_id, ${mappingNumber([...ways.values()], compiled)} AS mapping_number,
      coalesce(problem, refused, CASE WHEN record IS NULL THEN 'there is no record: NULL' END) AS problem
    FROM (SELECT s.*, record, coalesce(special_values, record) AS "values" FROM ${shaped} AS s JOIN ${batch} AS b ON b.rowid = s.place) AS s
      LEFT JOIN ${routes} AS r ON s.structure = r.structure`);
  await session.run(`DROP TABLE ${shaped}; DROP TABLE ${routes}`);
  return new Map(known.map(({ shape }) => [shape.id, shape]));
}

type Way = KnownShape['candidates'];

/** The lists of mappings that are tried: many shapes have the same one. */
function waysOf(known: readonly KnownShape[]): Map<string, Way> {
  return new Map(
    known.filter(({ candidates }) => candidates.length > 0).map(({ candidates }) => [keyOf(candidates), candidates]),
  );
}

function keyOf(candidates: Way): string {
  return candidates.map(({ number }) => number).join(',');
}

/** SQL: of each way the first mapping whose conditions hold. */
function mappingNumber(ways: readonly Way[], compiled: (number: number) => CompiledMapping): string {
  if (ways.length === 0) return 'CAST(NULL AS INTEGER)';
  const cases = ways.map((candidates, way) => {
    const tried = candidates.map(({ number }) => `WHEN ${compiled(number).applies} THEN ${number}`);
    return `WHEN ${way} THEN CASE ${tried.join(' ')} END`;
  });
  return `CASE r.way ${cases.join(' ')} END`;
}
