import type { PublishedTable, PublishRequest } from '../../workflows/stages.ts';
import type { Work } from '../progress.ts';
import type { Variables } from './publisher.ts';
import { PUBLISHERS } from './publishers.ts';
import { mergesList } from './refusals.ts';

/** What a worker knows that a plan must not: connections are looked up in `variables`. */
export interface PublishSettings {
  readonly variables: Variables;
}

/** Makes the tables of a run visible at one destination. Errors: `DestinationMismatch` for lists that are to be merged; those of the destination's publisher. */
export async function publishTables(
  request: PublishRequest,
  work: Work,
  settings: PublishSettings,
): Promise<PublishedTable[]> {
  const list = request.destination.tables.find(
    ({ from, mode, key }) => from === 'source' && mode === 'merge' && key.includes('_parent'),
  );
  if (list) throw mergesList(request, list.name, 'merge');
  return PUBLISHERS[request.destination.kind].publish(request, work, settings.variables);
}
