import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { runChecks } from './run-checks.ts';

export const check: Stages['check'] = (request) => runStage('check', (work) => runChecks(request, work));
