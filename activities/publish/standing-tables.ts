import type { StandingTables } from '../../workflows/stages.ts';
import type { Session } from '../duckdb/session.ts';
import type { Work } from '../progress.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { StandingTable, Variables } from './publisher.ts';
import { PUBLISHERS } from './publishers.ts';

/**
 * Gives `use` the tables of a destination as they stand there, for as long as it needs them: those that are there, by name.
 * Nothing is written, and nobody of this process publishes there meanwhile.
 *
 * @param session keeps its own tables as its default
 */
export async function withStandingTables<Result>(
  session: Session,
  { place, tables }: StandingTables,
  { variables, signal }: { readonly variables: Variables; readonly signal: AbortSignal },
  use: (standing: ReadonlyMap<string, StandingTable>) => Promise<Result>,
): Promise<Result> {
  const names = tables.map(({ name }) => name);
  const work: Work = { signal, report: () => undefined };
  return oneAtATime(place.path, signal, async () =>
    use(await PUBLISHERS[place.kind].standing({ session, place, variables, work }, names)),
  );
}
