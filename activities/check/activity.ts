import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { runChecks, type CheckSettings } from './run-checks.ts';

export type { CheckSettings };

export function checkActivity(settings: CheckSettings): Stages['check'] {
  return (request) => runStage('check', (work) => runChecks(request, work, settings));
}
