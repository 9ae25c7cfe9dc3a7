import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { ingestSource, type IngestSettings } from './ingest-source.ts';
import type { SnapshotSettings } from './postgres/read-snapshot.ts';
import { SNAPSHOT_READERS } from './snapshot-readers.ts';

export type { IngestSettings, SnapshotSettings };

export function ingestActivity(settings: IngestSettings): Stages['ingest'] {
  return (request) => runStage('ingest', (work) => ingestSource(request, work, settings));
}

export function snapshotActivity(settings: SnapshotSettings): Stages['snapshot'] {
  return (request) =>
    runStage('snapshot', (work) => SNAPSHOT_READERS[request.database.kind ?? 'postgres'](request, work, settings));
}
