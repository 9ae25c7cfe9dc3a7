import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { publishTables } from './publish-tables.ts';

export const publish: Stages['publish'] = (request) => runStage('publish', (work) => publishTables(request, work));
