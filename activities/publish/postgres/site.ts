import { identifier } from '../../duckdb/identifiers.ts';
import type { Session } from '../../duckdb/session.ts';
import type { Site } from '../modes/site.ts';
import { ask, execute } from './execute.ts';
import { scratchName } from './scratch-name.ts';
import { upsert } from './upsert.ts';

/** Postgres itself: rows that are there need not travel. */
export function postgresSite(session: Session): Site {
  return {
    upsert: (target) => upsert(session, target),
    run: (statement) => execute(session, statement),
    rows: (query) => ask(session, query),
    scratch: async (kind, table, query) => {
      const name = `pg_temp.${identifier(scratchName(kind, table))}`;
      await execute(session, `DROP TABLE IF EXISTS ${name}`);
      await execute(session, `CREATE TEMP TABLE ${identifier(scratchName(kind, table))} ON COMMIT DROP AS ${query}`);
      await execute(session, `ANALYZE ${name}`);
      return name;
    },
  };
}
