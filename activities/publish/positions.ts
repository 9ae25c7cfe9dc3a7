import type { Positions, PositionsRequest } from '../../workflows/database.ts';
import { withSession } from '../duckdb/session.ts';
import type { Work } from '../progress.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { PublishSettings } from './publish-tables.ts';
import { PUBLISHERS } from './publishers.ts';

/** How far the tables of a destination have come, as its ledger says. A table that is not there has come nowhere. */
export async function positionsOf(
  { destination }: PositionsRequest,
  work: Work,
  { variables }: PublishSettings,
): Promise<Positions> {
  const { kind, path, tables } = destination;
  const names = tables.map(({ name }) => name);
  return oneAtATime(path, work.signal, () =>
    withSession(work.signal, (session) =>
      PUBLISHERS[kind].positions({ session, place: destination, variables, work }, names),
    ),
  );
}
