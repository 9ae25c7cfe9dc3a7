/**
 * Preloaded into a command by the kill tests (`node --import`). Listens to what the worker tells of its stages and, at
 * the one event that ACEQUIA_TEST_KILL_AT names, kills as `kill -9` would. ACEQUIA_TEST_EVENTS: a file that gets every event.
 */
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync, readFileSync } from 'node:fs';

const { ACEQUIA_TEST_KILL_AT: killAt, ACEQUIA_TEST_KILL_PID_FILE: pidFile, ACEQUIA_TEST_EVENTS: events } = process.env;
let killed = false;

if (killAt || events) {
  subscribe('acequia:stage', ({ activityId, phase, progress }) => {
    const event = phase === 'progress' ? `${activityId} | ${progress.step}` : `${activityId} | (${phase})`;
    if (events) appendFileSync(events, `${event}\n`);
    if (event !== killAt || killed) return;
    killed = true;
    // This very process, or the one whose pid stands in the embedded server's record.
    process.kill(pidFile ? JSON.parse(readFileSync(pidFile, 'utf8')).serverPid : process.pid, 'SIGKILL');
  });
}
