import { AcequiaError } from '../../activities/failure/acequia-error.ts';
import type { EnvironmentDefinition } from '../../workflows/definition/index.ts';
import type { Settings } from './environment-settings.ts';

/** Sees that an environment without defaults has what it needs. Error `SettingMissing`, with all that is missing. */
export function requireSettings(name: string, definition: EnvironmentDefinition, settings: Settings): void {
  const missing: string[] = [];
  if (!settings.TEMPORAL_ADDRESS && !settings.TEMPORAL_PROFILE && !definition.temporal.address) {
    missing.push(
      `TEMPORAL_ADDRESS   host:port of the Temporal server (tried: the variable, TEMPORAL_PROFILE, temporal.address of ${name} in pipelines/environments.ts)`,
    );
  }
  const places = {
    ACEQUIA_HOME: 'a folder for logs and alerts',
    ACEQUIA_LAKE: "a folder, or a prefix of a bucket, for the runs' storage",
    ACEQUIA_OUT: 'a folder for results',
  } as const;
  for (const key of ['ACEQUIA_HOME', 'ACEQUIA_LAKE', 'ACEQUIA_OUT'] as const) {
    if (!settings[key]) missing.push(`${key.padEnd(16)}   ${places[key]} (tried: the variable)`);
  }
  if (missing.length > 0) {
    throw new AcequiaError('SettingMissing', {
      what: `The environment "${name}" takes no defaults, and ${missing.length === 1 ? 'a setting is' : `${missing.length} settings are`} missing:\n${missing
        .map((line) => `    ${line}`)
        .join('\n')}`,
      where: 'environment variables of this process',
      remedy: 'set them, or use an environment with defaults: --env dev',
    });
  }
  if (settings.TEMPORAL_ADDRESS === 'embedded') {
    throw new AcequiaError('DefinitionInvalid', {
      what: `The environment "${name}" starts no embedded server.`,
      where: 'TEMPORAL_ADDRESS=embedded',
      remedy: 'set TEMPORAL_ADDRESS to the host:port of a Temporal server',
    });
  }
}
