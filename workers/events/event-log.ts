import type { EventLogSettings } from '../../infra/settings/observation-settings.ts';
import type { ActivityEvent } from './activity-event.ts';
import { appendLine } from './rotating-file.ts';

/**
 * Opens the event log of a worker: what is told goes to the places of the settings, an object a line. It never throws, and
 * so fails no activity: what cannot be written is not, and that is said once.
 *
 * @param say shows a line to people
 */
export function eventLog(
  { console, file }: EventLogSettings,
  say: (line: string) => void,
): (event: ActivityEvent) => void {
  let hasFailed = false;
  const write = (line: string): void => {
    if (console) say(line);
    if (file) appendLine(file, line);
  };
  return (event) => {
    try {
      write(JSON.stringify(event));
    } catch (error) {
      if (hasFailed) return;
      hasFailed = true;
      const why = error instanceof Error ? error.message : String(error);
      say(
        `the event log cannot be written (${why}); runs go on without it: mend ACEQUIA_EVENTS_FILE, or free some space`,
      );
    }
  };
}
