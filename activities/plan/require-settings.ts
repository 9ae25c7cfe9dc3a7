import type { RunOptions } from '../../workflows/definition/index.ts';
import { AcequiaError } from '../failure/acequia-error.ts';

/**
 * A worker has an environment of its own. What was said where a run was started, and is not known here, must not give way to
 * a sample or a default without a word. Throws `SettingMissing`.
 */
export function requireSettings(
  { settings = [] }: Pick<RunOptions, 'settings'>,
  variables: Readonly<Record<string, string | undefined>>,
): void {
  const setting = settings.find((name) => !variables[name]);
  if (setting === undefined) return;
  throw new AcequiaError('SettingMissing', {
    what: `${setting} is set where the run was started, and not where the worker runs.`,
    why: 'It may hold a password, and is therefore not sent along with a run.',
    remedy: `stop the worker (npm run dev, in another terminal), and start it with ${setting} set; or run without it`,
  });
}
