import type { PlanSettings } from '../../activities/plan/make-plan.ts';
import type { EnvironmentSettings } from '../../infra/settings/environment-settings.ts';

/** What planning needs of an environment, where no worker does it. */
export function planSettings(settings: EnvironmentSettings): PlanSettings {
  const { name, definition, pipelinesFolder, lake, out } = settings;
  return { environment: name, defaults: definition.defaults, pipelinesFolder, lake, out, variables: process.env };
}
