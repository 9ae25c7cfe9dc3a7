import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { publishTables, type PublishSettings } from './publish-tables.ts';

export function publishActivity(settings: PublishSettings): Stages['publish'] {
  return (request) => runStage('publish', (work) => publishTables(request, work, settings));
}
