import { join } from 'node:path';
import type { ActivitySettings } from '../activities/index.ts';
import type { EmbeddedDatabases } from '../infra/postgres/embedded-databases.ts';
import type { EnvironmentSettings } from '../infra/settings/environment-settings.ts';

/**
 * What the stages need to know of an environment. `variables`: the process's own, in which pipelines look up their settings;
 * `databases`: what is read in the place of databases that no setting names.
 */
export function activitySettings(
  environment: EnvironmentSettings,
  variables: Readonly<Record<string, string | undefined>>,
  showAlert: ActivitySettings['showAlert'],
  databases: Pick<EmbeddedDatabases, 'url'>,
): ActivitySettings {
  return {
    environment: environment.name,
    defaults: environment.definition.defaults,
    pipelinesFolder: environment.pipelinesFolder,
    lake: environment.lake,
    out: environment.out,
    samples: environment.samples,
    alertLog: join(environment.folder, 'alerts.log'),
    variables,
    sampleDatabase: (name, sqlFile, signal) => databases.url(name, sqlFile, signal),
    ...(environment.model ? { model: environment.model } : {}),
    ...(environment.scan ? { scan: environment.scan } : {}),
    ...(environment.receiptKeys.signing ? { signingKey: environment.receiptKeys.signing } : {}),
    showAlert,
  };
}
