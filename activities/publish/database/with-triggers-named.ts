import { AcequiaError } from '../../failure/acequia-error.ts';
import { changedByTriggers } from '../refusals.ts';
import type { Step } from './publish.ts';

/** Rows that are not there as they were given may have been changed by the table's own triggers: then those are named. */
export async function withTriggersNamed<Result>(step: Step, load: () => Promise<Result>): Promise<Result> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof AcequiaError) || error.type !== 'NotAccounted') throw error;
    const { name } = step.load.table;
    const { triggers = [] } = (await step.engine.tableAt(step.session, name)) ?? {};
    throw triggers.length > 0 ? changedByTriggers(step.request, name, triggers) : error;
  }
}
