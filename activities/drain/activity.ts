import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { drainSource } from './drain-source.ts';
import { tallySource } from './tally-source.ts';
import type { DrainSettings } from './urls.ts';

export type { DrainSettings };

export function drainActivity(settings: DrainSettings): Stages['drain'] {
  return (request) => runStage('drain', (work) => drainSource(request, work, settings));
}

export function tallyActivity(settings: DrainSettings): Stages['tally'] {
  return (request) => runStage('tally', (work) => tallySource(request, work, settings));
}
