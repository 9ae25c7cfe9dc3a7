import type { Receipt } from '../../workflows/receipt.ts';
import type { AlertRequest } from '../../workflows/stages.ts';
import { openLake } from '../lake/lake.ts';
import type { Work } from '../progress.ts';
import { appendAlerts } from './alert-log.ts';
import { compileAlerts, type Alert } from './compile-alerts.ts';

export interface AlertSettings {
  readonly lake: string;
  /** Absolute path of `alerts.log`. */
  readonly alertLog: string;
  /** Shows one alert on the worker's console. */
  readonly showAlert: (alert: Alert) => void;
}

/** Tells what a run found: one line each in `alerts.log`, written once whatever is killed, and on the console. */
export async function sendAlerts(request: AlertRequest, settings: AlertSettings, work: Work): Promise<void> {
  const receipt = request.receipt
    ? (JSON.parse(await openLake(settings.lake).readText(request.receipt)) as Receipt)
    : undefined;
  const alerts = compileAlerts(request, receipt);
  work.report({ step: `${alerts.length} alerts` });
  const fresh = await appendAlerts(settings.alertLog, alerts);
  for (const alert of fresh) settings.showAlert(alert);
}
