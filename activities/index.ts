import type { CleanUpActivities } from '../workflows/clean-up-contract.ts';
import type { MappingActivities } from '../workflows/mappings-contract.ts';
import type { Stages } from '../workflows/stages.ts';
import { alertActivity, type AlertSettings } from './alert/activity.ts';
import { checkActivity } from './check/activity.ts';
import { cleanUpActivity } from './clean-up/activity.ts';
import { drainActivity, tallyActivity, type DrainSettings } from './drain/activity.ts';
import { ingestActivity, snapshotActivity, type IngestSettings, type SnapshotSettings } from './ingest/activity.ts';
import { mappingActivities, reviewActivity, type ReviewSettings } from './mappings/activity.ts';
import { planActivity } from './plan/activity.ts';
import type { PlanSettings } from './plan/make-plan.ts';
import type { PublishSettings } from './publish/publish-tables.ts';
import { positionsActivity, publishActivity } from './publish/activity.ts';
import { withStandingTables } from './publish/standing-tables.ts';
import { compare, discardActivity } from './replay/activity.ts';
import { receiptActivity, type ReceiptSettings } from './receipt/activity.ts';
import { upload } from './upload/activity.ts';
import { transform } from './transform/activity.ts';

export type ActivitySettings = PlanSettings &
  IngestSettings &
  SnapshotSettings &
  DrainSettings &
  ReviewSettings &
  PublishSettings &
  ReceiptSettings &
  AlertSettings;

/** The stages, the clean-up, and what is done about mappings, as a worker registers them. */
export function createActivities(settings: ActivitySettings): Stages & CleanUpActivities & MappingActivities {
  return {
    plan: planActivity(settings),
    positions: positionsActivity(settings),
    snapshot: snapshotActivity(settings),
    ingest: ingestActivity(settings),
    drain: drainActivity(settings),
    tally: tallyActivity(settings),
    review: reviewActivity(settings),
    transform,
    check: checkActivity({
      withStanding: (session, standing, signal, use) =>
        withStandingTables(session, standing, { variables: settings.variables, signal }, use),
    }),
    publish: publishActivity(settings),
    upload,
    compare,
    receipt: receiptActivity(settings),
    alert: alertActivity(settings),
    discard: discardActivity(settings),
    cleanUp: cleanUpActivity(settings),
    ...mappingActivities(settings),
  };
}
