import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { ingestSource, type IngestSettings } from './ingest-source.ts';
import { readSnapshot, type SnapshotSettings } from './postgres/read-snapshot.ts';

export type { IngestSettings, SnapshotSettings };

export function ingestActivity(settings: IngestSettings): Stages['ingest'] {
  return (request) => runStage('ingest', (work) => ingestSource(request, work, settings));
}

export function snapshotActivity(settings: SnapshotSettings): Stages['snapshot'] {
  return (request) => runStage('snapshot', (work) => readSnapshot(request, work, settings));
}
