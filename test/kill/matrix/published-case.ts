import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Destination } from '../../activities/publish/destinations.ts';
import { WAYS } from '../../activities/publish/ways.ts';
import { stageLoads, tablesOf, type Loads, type TableName } from './loads.ts';
import { placeOf, type Place } from './place.ts';
import type { State } from './reader.ts';

/** A place with its first load, brought back to it, and what it is with the second one. */
export interface PublishedCase {
  readonly folder: string;
  readonly place: Place;
  readonly loads: Loads;
  readonly old: State;
  readonly after: State;
}

export async function publishedCase(destination: Destination, wayName: string): Promise<PublishedCase> {
  const folder = await mkdtemp(join(tmpdir(), 'acequia-matrix-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const way = WAYS.find(({ name }) => name === wayName) ?? { name: wayName, mode: 'replace' };
  const tables: readonly TableName[] = destination.path.endsWith('.parquet') ? ['orders'] : ['customers', 'orders'];
  const place = placeOf(destination, folder, tablesOf(tables, way, destination.partitionBy ?? []));
  const loads = await stageLoads(folder, tables, way);
  await place.publish({ run: 1, staged: loads.first });
  await place.keep('old');
  const old = await place.state();
  await place.publish({ run: 2, staged: loads.second });
  const after = await place.state();
  await place.restore('old');
  return { folder, place, loads, old, after };
}
