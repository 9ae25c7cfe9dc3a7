import type { Stages } from '../workflows/stages.ts';
import { alertActivity, type AlertSettings } from './alert/activity.ts';
import { check } from './check/activity.ts';
import { ingestActivity, type IngestSettings } from './ingest/activity.ts';
import { planActivity } from './plan/activity.ts';
import type { PlanSettings } from './plan/make-plan.ts';
import { publish } from './publish/activity.ts';
import { receiptActivity } from './receipt/activity.ts';
import { transform } from './transform/activity.ts';

export type ActivitySettings = PlanSettings & IngestSettings & AlertSettings;

/** The stages, as a worker registers them. */
export function createActivities(settings: ActivitySettings): Stages {
  return {
    plan: planActivity(settings),
    ingest: ingestActivity(settings),
    transform,
    check,
    publish,
    receipt: receiptActivity(settings),
    alert: alertActivity(settings),
  };
}
