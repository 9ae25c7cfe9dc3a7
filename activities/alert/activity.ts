import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { sendAlerts, type AlertSettings } from './send-alerts.ts';

export type { AlertSettings };

export function alertActivity(settings: AlertSettings): Stages['alert'] {
  return (request) => runStage('alert', (work) => sendAlerts(request, settings, work));
}
