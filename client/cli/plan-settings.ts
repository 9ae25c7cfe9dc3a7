import type { PlanSettings } from '../../activities/plan/make-plan.ts';
import type { EnvironmentSettings } from '../../infra/settings/environment-settings.ts';

/** What planning needs of an environment, where no worker does it. */
export function planSettings(settings: EnvironmentSettings): PlanSettings {
  const { name, definition, pipelinesFolder, lake, out, samples } = settings;
  const places = { pipelinesFolder, lake, out, samples };
  return { environment: name, defaults: definition.defaults, ...places, variables: process.env };
}
