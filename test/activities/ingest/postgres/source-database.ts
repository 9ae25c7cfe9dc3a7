import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { RECORD_PROVENANCE } from '../../../../activities/names/provenance.ts';
import { literal } from '../../../../activities/duckdb/identifiers.ts';
import { withSession } from '../../../../activities/duckdb/session.ts';
import { readSnapshot, type SnapshotSettings } from '../../../../activities/ingest/postgres/read-snapshot.ts';
import type { DatabaseSnapshot, Positions } from '../../../../workflows/database.ts';
import type { DatabaseTable } from '../../../../workflows/definition/index.ts';
import type { LandedFile } from '../../../../workflows/stages.ts';
import { startPostgres, type PostgresServer } from '../../../support/postgres.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { quietWork } from '../../../support/work.ts';

export const RUN = {
  pipeline: 'p',
  environment: 'dev',
  workflowId: 'p-dev',
  runId: 'r',
  rootRunId: 'r',
  startedAt: '',
};

/** A Postgres for the tests of one file. */
export function useServer(): () => PostgresServer {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());
  return () => {
    if (!server) throw new Error('the server is used before it was started');
    return server;
  };
}

export interface Reading {
  readonly snapshot: DatabaseSnapshot;
  readonly lake: string;
  /** The rows of a source as they were landed, each with texts as its values. */
  readonly rows: (source: string) => Promise<Record<string, string | null>[]>;
  /** The same as text, of what was landed as that. */
  readonly text: (source: string) => Promise<string>;
  /** What a source's tables have come to. */
  readonly positions: Positions;
}

export type Table = Partial<DatabaseTable> & Pick<DatabaseTable, 'table'>;

/** Reads tables of a database; what is not said of one is as a definition has it that says nothing. */
export async function read(
  url: string,
  tables: readonly Table[],
  positions: Positions = {},
  more: Partial<SnapshotSettings> & { readonly signal?: AbortSignal } = {},
): Promise<Reading> {
  const lake = `file://${await temporaryFolder()}`;
  const whole = tables.map((table) => ({
    source: table.table,
    schema: 'public',
    format: 'parquet' as const,
    ...table,
  }));
  const database = { name: 'postgres:SHOP_URL', setting: 'SHOP_URL', tables: whole };
  const { signal, ...settings } = more;
  const snapshot = await readSnapshot({ run: RUN, lake, database, positions }, quietWork(signal), {
    variables: { SHOP_URL: url },
    ...settings,
  });
  const files = async (source: string): Promise<string[]> => {
    const landed = snapshot.tables.find((table) => table.source === source)?.landed ?? '';
    const list = JSON.parse(await readFile(fileURLToPath(landed), 'utf8')) as LandedFile[];
    return list.map(({ landing }) => fileURLToPath(landing));
  };
  return {
    snapshot,
    lake,
    rows: async (source) => {
      const paths = (await files(source)).map(literal).join(', ');
      return withSession(undefined, (session) =>
        session.rows<Record<string, string | null>>(
          `SELECT CAST(COLUMNS(* EXCLUDE (${RECORD_PROVENANCE.join(', ')})) AS VARCHAR) FROM read_parquet([${paths}]) ORDER BY ALL`,
        ),
      );
    },
    text: async (source) => {
      const texts = await Promise.all((await files(source)).map((path) => readFile(path, 'utf8')));
      return texts.join('');
    },
    positions: Object.fromEntries(
      snapshot.tables.flatMap(({ source, position }) => (position === undefined ? [] : [[source, [position]]])),
    ),
  };
}
