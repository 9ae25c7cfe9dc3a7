import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { ingestSource } from './ingest-source.ts';

export const ingest: Stages['ingest'] = (request) => runStage('ingest', (work) => ingestSource(request, work));
