import { scratchFolder } from '../../workflows/replay-scratch.ts';
import type { Stages } from '../../workflows/stages.ts';
import { openLake } from '../lake/lake.ts';
import { runStage } from '../run-stage.ts';
import { compareRuns } from './compare-runs.ts';

export const compare: Stages['compare'] = (request) => runStage('compare', (work) => compareRuns(request, work));

/** `lake`: the one that this worker's replays work in. */
export function discardActivity(settings: { readonly lake: string }): Stages['discard'] {
  return ({ run }) => runStage('discard', () => openLake(settings.lake).removeFolder(scratchFolder(run)));
}
