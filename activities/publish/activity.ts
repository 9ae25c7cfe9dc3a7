import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { positionsOf } from './positions.ts';
import { publishTables, type PublishSettings } from './publish-tables.ts';

export function publishActivity(settings: PublishSettings): Stages['publish'] {
  return (request) => runStage('publish', (work) => publishTables(request, work, settings));
}

export function positionsActivity(settings: PublishSettings): Stages['positions'] {
  return (request) => runStage('positions', (work) => positionsOf(request, work, settings));
}
