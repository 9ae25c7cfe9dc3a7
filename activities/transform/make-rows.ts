import type { ModelPlan } from '../../workflows/definition/index.ts';
import { identifier, literal } from '../duckdb/identifiers.ts';
import type { Session } from '../duckdb/session.ts';
import { ROW } from './rows-that-go.ts';
import { sift, type Sifted } from './sift.ts';

/**
 * Writes the rows of a model to a file and sifts them there: they need no room in memory, and its SQL is run once, as what
 * it gives the second time need not be the same. Leaves a temporary view of the model's name.
 *
 * @param path of a new Parquet file, with all rows
 * @param keep puts the quarantined rows away: the query that gives them
 */
export async function makeRows(
  session: Session,
  model: ModelPlan,
  path: string,
  keep: (rejected: string) => Promise<void>,
): Promise<Sifted> {
  await writeRows(session, await exactRows(session, model.sql), path);
  await session.run(
    `CREATE OR REPLACE TEMP VIEW ${identifier(model.name)} AS
     SELECT * RENAME (file_row_number AS ${ROW}) FROM read_parquet(${literal(path)}, file_row_number = true, hive_partitioning = false)`,
  );
  return sift(session, model, keep);
}

/** Writes the rows of a query to a Parquet file. `options`: further ones of `COPY`. */
export function writeRows(session: Session, rows: string, path: string, options = ''): Promise<void> {
  return session.run(`COPY (${rows}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd${options})`);
}

/** SQL: the rows of a model, in the types that are kept of them. The model's own SQL begins in the second line. */
export async function exactRows(session: Session, sql: string): Promise<string> {
  const columns = await session.rows<{ column_name: string; column_type: string }>(`DESCRIBE\n${sql}`);
  const exact = columns
    .filter(({ column_type: type }) => keptType(type) !== type)
    .map(({ column_name: name, column_type: type }) => {
      return `CAST(${identifier(name)} AS ${keptType(type)}) AS ${identifier(name)}`;
    });
  return exact.length === 0 ? `\n${sql}\n` : `SELECT * REPLACE (${exact.join(', ')}) FROM (\n${sql}\n)`;
}

/** Parquet has no 128-bit integers: DuckDB writes them as DOUBLE, which rounds. `sum` of integers is one. */
export function keptType(type: string): string {
  return type === 'HUGEINT' || type === 'UHUGEINT' ? 'DECIMAL(38,0)' : type;
}
