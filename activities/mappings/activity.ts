import type { MappingActivities } from '../../workflows/mappings-contract.ts';
import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { keepApproved } from './keep-mapping.ts';
import { redrive } from './redrive.ts';
import { reviewWaiting, type ReviewSettings } from './review-waiting.ts';

export type { ReviewSettings };

/** The stage at the end of a drain. */
export function reviewActivity(settings: ReviewSettings): Stages['review'] {
  return (request) => runStage('review', (work) => reviewWaiting(request, work, settings));
}

export function mappingActivities(settings: ReviewSettings): MappingActivities {
  return {
    keepMapping: (request) => runStage('keep-mapping', (work) => keepApproved(request, work, settings)),
    redrive: (request) => runStage('redrive', (work) => redrive(request, work, settings)),
  };
}
