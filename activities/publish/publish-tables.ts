import type { PublishedTable, PublishRequest } from '../../workflows/stages.ts';
import type { Work } from '../progress.ts';
import { publishToSqlite } from './sqlite/publish.ts';

/** Makes the tables of a run visible at one destination, all in one step or none. One function per kind of destination. */
const PUBLISHERS = { sqlite: publishToSqlite } as const;

export async function publishTables(request: PublishRequest, work: Work): Promise<PublishedTable[]> {
  return PUBLISHERS[request.destination.kind](request, work);
}
