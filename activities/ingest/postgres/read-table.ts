import { join } from 'node:path';
import { identifier, literal } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import { AcequiaError } from '../../failure/acequia-error.ts';
import { isProvenance, OWN_ROWS } from '../../names/provenance.ts';
import type { TableFile } from '../land-table.ts';
import { together } from './at-once.ts';
import type { SourceConnection } from './source-connection.ts';
import { countQuery, partQuery, partsOf, withTexts, type TableReading } from './table-reading.ts';

/** The rows of a table in files of our own. */
export interface ReadTable {
  readonly files: readonly ReadPart[];
  readonly rows: number;
}

type ReadPart = TableFile;

/** Runs something in the snapshot, when it is its turn. */
export type InSnapshot = <Result>(use: (session: Session) => Promise<Result>) => Promise<Result>;

/** Microseconds from 1970: nothing in Postgres is earlier than the 24th of November 4714 BC. */
const EARLIEST = '-210866803200000000';

/**
 * Reads a table into files below `folder`, its parts beside each other. How many rows there must be, Postgres counts in the
 * same snapshot. Error `ReadersDisagree` where others came.
 */
export async function readTable(
  { ask }: SourceConnection,
  planned: TableReading,
  inSnapshot: InSnapshot,
  folder: string,
): Promise<ReadTable> {
  const counted = await inSnapshot(async (session) => {
    const [row] = await ask<Record<string, string | boolean>>(countQuery(planned), session);
    return row ?? {};
  });
  const rows = Number(counted['rows'] ?? 0);
  const texts = new Set(planned.columns.flatMap((_, index) => (counted[`u${index}`] === true ? [index] : [])));
  const parts = partsOf(Number(counted['pages'] ?? 0));
  for (;;) {
    const reading = withTexts(planned, (index) => texts.has(index));
    const files = parts.map((_, part) => partOf(reading, folder, part, parts.length));
    await together(
      parts.map((part, index) => inSnapshot((session) => writePart(session, reading, part, files[index]!))),
    );
    if (reading.table.format === 'jsonl') return { files, rows };
    const written = await inSnapshot((session) => look(session, reading, files));
    if (written.rows !== rows) throw disagreement(reading, rows, written.rows);
    if (written.wrapped.length === 0) return { files, rows };
    for (const index of written.wrapped) texts.add(index);
  }
}

function partOf({ table }: TableReading, folder: string, part: number, parts: number): ReadPart {
  const name = `${table.schema}.${table.table}`;
  return {
    path: join(folder, `${table.source}-${part}.${table.format}`),
    name: parts === 1 ? name : `${name} (${part + 1} of ${parts})`,
  };
}

async function writePart(session: Session, reading: TableReading, part: string, file: ReadPart): Promise<void> {
  const fetched = `postgres_query('source', ${literal(partQuery(reading, part))})`;
  if (reading.table.format === 'jsonl') {
    // Of the characters that JSON cannot hold, one as the delimiter: nothing is quoted.
    const raw = `FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x1f'`;
    await session.run(`COPY (SELECT line FROM ${fetched}) TO ${literal(file.path)} (${raw})`);
    return;
  }
  const columns = reading.columns.map(
    ({ name, kept }, index) => `${kept ? `CAST(c${index} AS ${kept})` : `c${index}`} AS ${identifier(name)}`,
  );
  const provenance = provenanceFor(reading, file);
  const marked = provenance.length > 0 ? `, KV_METADATA {${OWN_ROWS.key}: ${literal(OWN_ROWS.value)}}` : '';
  await session.run(
    `COPY (SELECT ${[...columns, ...provenance].join(', ')} FROM ${fetched}) TO ${literal(file.path)}
      (FORMAT parquet, COMPRESSION zstd${marked})`,
  );
}

/** Rows that say where they stand are staged as they are, if nothing is wrong with them. None where a column has such a name. */
function provenanceFor({ columns }: TableReading, { name }: ReadPart): string[] {
  const taken = columns.some((column) => isProvenance(column.name.toLowerCase()));
  if (taken) return [];
  return [
    `${literal(name)} AS _file`,
    'row_number() OVER () AS _line',
    'CAST(0 AS BIGINT) AS _offset',
    'CAST(0 AS BIGINT) AS _length',
  ];
}

/** What was written: how many rows, and columns with instants that went past what DuckDB holds and came out as others. */
async function look(
  session: Session,
  { columns }: TableReading,
  files: readonly ReadPart[],
): Promise<{ readonly rows: number; readonly wrapped: readonly number[] }> {
  const wrapped = columns.map(({ name, wraps }, index) => {
    const value = identifier(name);
    const condition = wraps ? `CASE WHEN isfinite(${value}) THEN epoch_us(${value}) < ${EARLIEST} END` : 'false';
    return `, coalesce(bool_or(${condition}), false) AS w${index}`;
  });
  const [row] = await session.rows<Record<string, string | boolean>>(
    `SELECT count(*) AS rows${wrapped.join('')} FROM read_parquet([${files.map(({ path }) => literal(path)).join(', ')}])`,
  );
  return {
    rows: Number(row?.['rows'] ?? 0),
    wrapped: columns.flatMap((_, index) => (row?.[`w${index}`] === true ? [index] : [])),
  };
}

function disagreement({ table }: TableReading, counted: number, came: number): AcequiaError {
  return new AcequiaError('ReadersDisagree', {
    what: `Postgres counts ${counted} rows in ${table.schema}.${table.table}, and ${came} came.`,
    where: `${table.schema}.${table.table}`,
    remedy: 'run the same command again; nothing of it is loaded. Where it happens again, please report it',
  });
}
