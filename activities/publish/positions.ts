import type { Positions, PositionsRequest } from '../../workflows/database.ts';
import { withSession } from '../duckdb/session.ts';
import type { Work } from '../progress.ts';
import { positionIn } from './database/ledger.ts';
import { databaseEngine } from './engines.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { filesOf } from './parquet/layout.ts';
import { latestPosition } from './parquet/ledger.ts';
import type { PublishSettings } from './publish-tables.ts';
import { openToRead } from './standing-tables.ts';

/** How far the tables of a destination have come, as its ledger says. A table that is not there has come nowhere. */
export async function positionsOf(
  { destination }: PositionsRequest,
  work: Work,
  { variables }: PublishSettings,
): Promise<Positions> {
  const { kind, path, tables } = destination;
  return oneAtATime(path, work.signal, () =>
    withSession(work.signal, async (session) => {
      const found: [string, readonly string[]][] = [];
      const add = (name: string, position: string | undefined): void =>
        void found.push([name, position === undefined ? [] : [position]]);
      if (kind === 'parquet') {
        for (const { name } of tables) add(name, await latestPosition(session, await filesOf(path, name)));
        return Object.fromEntries(found);
      }
      const engine = databaseEngine(kind);
      if (!(await openToRead(session, destination, variables))) return {};
      for (const { name } of tables)
        add(name, (await engine.tableAt(session, name)) && (await positionIn(session, engine, name)));
      return Object.fromEntries(found);
    }),
  );
}
