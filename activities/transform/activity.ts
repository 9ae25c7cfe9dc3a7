import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { transformTables } from './transform-tables.ts';

export const transform: Stages['transform'] = (request) =>
  runStage('transform', (work) => transformTables(request, work));
