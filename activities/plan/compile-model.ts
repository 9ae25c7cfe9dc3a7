import { parseShare, type ModelDefinition, type ModelPlan } from '../../workflows/definition/index.ts';
import { compileRules } from '../check/compile-checks.ts';
import { DEFAULT_FAIL_ABOVE } from './compile-plan.ts';

/**
 * What is taken out of a model's rows, and by what they are known. `since`: the instant (ISO) before which nothing is asked
 * for; absent where everything is.
 */
export function compileModel(
  name: string,
  model: ModelDefinition,
  since: string | undefined,
): Omit<ModelPlan, 'name' | 'file' | 'sql' | 'inputs'> {
  const { key, keepLatestBy, partOf, onePer, badRows } = model;
  const rules = compileRules(name, model);
  const failAbove = parseShare(badRows?.failAbove ?? DEFAULT_FAIL_ABOVE) ?? 0;
  return {
    key,
    ...(keepLatestBy ? { keepLatestBy } : {}),
    ...(partOf ? { partOf } : {}),
    ...(onePer ? { onePer } : {}),
    ...(model.since !== undefined && since !== undefined ? { since: { column: model.since, from: since } } : {}),
    ...(rules.length > 0 ? { rules, failAbove } : {}),
  };
}
