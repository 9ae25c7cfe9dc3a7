import { publishTables } from '../../../activities/publish/publish-tables.ts';
import type { Work } from '../../../activities/progress.ts';
import type { TablePlan } from '../../../workflows/definition/index.ts';
import type { PublishedTable } from '../../../workflows/stages.ts';
import { askPostgres, tellPostgres } from '../../support/postgres.ts';
import { stage } from '../../support/staged.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { quietWork } from '../../support/work.ts';
import { requestOf, schemaAt } from './destinations.ts';

/** The setting in which tests put the URL. */
const SETTING = 'WAREHOUSE_URL';

/** A schema of a real Postgres, and publishing to it by whatever URL. */
export interface PostgresSchema {
  /** The administrator's. */
  readonly url: string;
  readonly schema: string;
  /** Publishes the rows of a query as a run of its own. `url` of `null`: the setting is missing. */
  readonly load: (plan: TablePlan, query: string, more?: Loading) => Promise<PublishedTable[]>;
  /** Statements of somebody else, with the schema as the only one in their search path. */
  readonly tell: (statement: string) => Promise<void>;
  /** Rows of a table as Postgres writes them: `(1,a)`. */
  readonly rows: (table?: string) => Promise<string[]>;
  /** All that the schema holds, by kind and name, but for the ledger. */
  readonly contents: () => Promise<string[]>;
}

interface Loading {
  readonly url?: string | null;
  readonly schema?: string;
  readonly work?: Work;
}

let runs = 0;

export async function postgresSchema(): Promise<PostgresSchema> {
  const folder = await temporaryFolder();
  const { url, schema } = await schemaAt(folder);
  await tellPostgres(url, `CREATE SCHEMA IF NOT EXISTS "${schema}"`);
  const texts = async (query: string) => (await askPostgres<{ text: string }>(url, query)).map(({ text }) => text);
  return {
    url,
    schema,
    load: async (plan, query, { url: by = url, schema: into = schema, work = quietWork() } = {}) => {
      const server = { setting: SETTING, schema: into };
      const destination = {
        name: 'shop',
        kind: 'postgres' as const,
        path: `postgres:${SETTING}`,
        server,
        tables: [plan],
      };
      const tables = [await stage(folder, plan.name, query)];
      const request = { ...requestOf(folder, `run-${(runs += 1)}`), destination, tables };
      return publishTables(request, work, { variables: { [SETTING]: by ?? undefined } });
    },
    tell: (statement) => tellPostgres(url, `SET search_path TO "${schema}"; ${statement}`),
    rows: (table = 'sales') => texts(`SELECT t::text AS text FROM "${schema}"."${table}" t ORDER BY 1`),
    contents: () =>
      texts(
        `SELECT c.relkind::text || ' ' || c.relname AS text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = '${schema}' AND c.relname NOT LIKE '\\_acequia\\_ledger%' ORDER BY 1`,
      ),
  };
}

/** The administrator's URL with some of its parts otherwise; they are percent-encoded as a URL's are. */
export function changed(url: string, change: (parts: URL) => void): string {
  const parts = new URL(url);
  change(parts);
  return parts.href;
}

/** What a promise fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
