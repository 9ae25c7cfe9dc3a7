import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { ingestSource, type IngestSettings } from './ingest-source.ts';

export type { IngestSettings };

export function ingestActivity(settings: IngestSettings): Stages['ingest'] {
  return (request) => runStage('ingest', (work) => ingestSource(request, work, settings));
}
