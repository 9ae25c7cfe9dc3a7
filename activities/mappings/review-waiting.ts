import type { ReviewedShapes, ReviewWaitingRequest } from '../../workflows/drain-contract.ts';
import { prepareSink } from '../drain/sink-tables.ts';
import type { DrainSettings } from '../drain/urls.ts';
import type { ModelPlace } from '../model/ask-model.ts';
import type { Work } from '../progress.ts';
import { settingValue } from '../secrets/setting-value.ts';
import { askForProposals } from './ask-for-proposals.ts';
import { redriveIn } from './redrive.ts';
import { withSink } from './with-sink.ts';

/** The setting with the key of the model: looked up only where it is asked. */
const MODEL_KEY = 'ACEQUIA_MODEL_KEY';

export interface ReviewSettings extends DrainSettings {
  /** Default: no model is asked. */
  readonly model?: ModelPlace;
}

/**
 * Looks once more at what waits, at the end of a drain: records that a mapping is for by now are taken up, such as those that the
 * drain parked while somebody approved it; for others a model may be asked.
 */
export async function reviewWaiting(
  { run, drain }: ReviewWaitingRequest,
  work: Work,
  settings: ReviewSettings,
): Promise<ReviewedShapes> {
  work.report({ step: 'connecting' });
  return withSink(drain.target, settings, work.signal, async (session) => {
    await prepareSink(session, drain.target);
    // Under a name of its own: the run's own sums stay as its batches were.
    const redriven = await redriveIn(session, { run: { ...run, runId: `${run.runId}/review` }, drain }, work);
    const { model } = settings;
    if (!model) return { loaded: redriven.loaded };
    const key = await settingValue(MODEL_KEY, { variables: settings.variables, signal: work.signal });
    const asked = await askForProposals(session, drain, { ...model, ...(key ? { key } : {}) }, work);
    return { loaded: redriven.loaded, model: asked };
  });
}
