import { relative } from 'node:path';
import { LEDGER as FILE_LEDGER } from '../../../activities/publish/parquet/ledger.ts';
import { LEDGER } from '../../../activities/publish/database/ledger-row.ts';
import { identifier, literal } from '../../../activities/duckdb/identifiers.ts';
import { withSession, type Session } from '../../../activities/duckdb/session.ts';
import type { LoadMode } from '../../../workflows/definition/index.ts';
import type { Destination } from '../../activities/publish/destinations.ts';

/** Digests of rows, by what becomes visible in one step: a table, or a partition of one. */
export type Rows = Readonly<Record<string, string>>;

/** What a reader finds at a place. */
export interface State {
  readonly tables: Readonly<Record<string, Rows>>;
  /** Every load that the ledger tells of, as often as it does. */
  readonly ledger: readonly string[];
}

/** One session for all readers of this process: to load an extension takes longer than to read. */
const session = new Promise<Session>((resolve) => {
  void withSession(undefined, async (opened) => {
    // It would take a file for the one it has read a moment ago under the same name.
    await opened.run('SET enable_external_file_cache = false');
    resolve(opened);
    return new Promise<never>(() => undefined);
  });
});

/** Reads what is published, as whoever opens it anew. */
export async function readState(
  destination: Destination,
  path: string,
  tables: readonly string[],
  mode: LoadMode,
): Promise<State> {
  const reader = await session;
  const { attach, files, rows } = destination;
  await attach?.(reader, path);
  try {
    const state: { tables: Record<string, Rows>; ledger: string[] } = { tables: {}, ledger: [] };
    for (const table of tables) {
      state.tables[table] = await rowsOf(reader, table, await rows(path, table, mode), destination);
      if (files) state.ledger.push(...(await ledgerOfFiles(reader, path, files(path, table, mode))));
    }
    if (!files) state.ledger.push(...(await ledgerOf(reader, await rows(path, LEDGER, mode))));
    return { tables: state.tables, ledger: state.ledger.sort() };
  } finally {
    if (attach) await reader.run('DETACH published');
  }
}

async function rowsOf(
  session: Session,
  table: string,
  relation: string,
  { partitionBy = [] }: Destination,
): Promise<Rows> {
  const part = [literal(table), ...partitionBy.map((name) => `CAST(${identifier(name)} AS VARCHAR)`)].join(
    ` || '/' || `,
  );
  const rows = await session.rows<{ part: string; rows: string; digest: string }>(
    `SELECT ${part} AS part, count(*) AS rows, sum(hash(CAST(t AS VARCHAR))::HUGEINT)::VARCHAR AS digest
     FROM ${relation} AS t GROUP BY ALL ORDER BY ALL`,
  );
  return Object.fromEntries(rows.map(({ part, rows: count, digest }) => [part, `${count} rows ${digest}`]));
}

async function ledgerOf(session: Session, relation: string): Promise<string[]> {
  const rows = await session.rows<{ load: string }>(`SELECT table_name || ' ' || load_id AS load FROM ${relation}`);
  return rows.map(({ load }) => load);
}

/** Every file has a ledger of its own. */
async function ledgerOfFiles(session: Session, path: string, glob: string): Promise<string[]> {
  const rows = await session.rows<{ file: string; ledger: string }>(
    `SELECT file_name AS file, decode(value) AS ledger FROM parquet_kv_metadata(${literal(glob)}) WHERE decode(key) = ${literal(FILE_LEDGER)}`,
  );
  return rows.flatMap(({ file, ledger }) =>
    (JSON.parse(ledger) as { loadId: string }[]).map(({ loadId }) => `${relative(path, file)} ${loadId}`),
  );
}
