import { expect, test } from 'vitest';
import { resolveEnvironment } from '../../../infra/settings/environment-settings.ts';

const settingsFor = (settings: Record<string, string>) => resolveEnvironment('dev', settings, '/project');

test('without a setting the event log is a file of the environment, and no metrics are served', () => {
  const { events, metrics } = settingsFor({});
  expect(events).toEqual({
    console: false,
    file: { path: '/project/.acequia/dev/logs/events.jsonl', maxBytes: 10 * 1024 * 1024, kept: 5 },
  });
  expect(metrics).toBeUndefined();
});

test('where the event log goes, how large a file becomes and how many are kept', () => {
  const file = { ACEQUIA_EVENTS_FILE: 'var/e.log', ACEQUIA_EVENTS_MAX_MB: '2', ACEQUIA_EVENTS_KEPT: '0' };
  const place = { path: '/project/var/e.log', maxBytes: 2 * 1024 * 1024, kept: 0 };
  expect(settingsFor(file).events).toEqual({ console: false, file: place });
  expect(settingsFor({ ...file, ACEQUIA_EVENTS: 'both' }).events).toEqual({ console: true, file: place });
  expect(settingsFor({ ...file, ACEQUIA_EVENTS: 'console' }).events).toEqual({ console: true });
  expect(settingsFor({ ...file, ACEQUIA_EVENTS: 'off' }).events).toEqual({ console: false });
});

test.each([
  ['9464', '127.0.0.1:9464'],
  ['localhost:9464', '127.0.0.1:9464'],
  ['0.0.0.0:9464', '0.0.0.0:9464'],
  ['[::1]:9464', '[::1]:9464'],
])('metrics at %s are served at %s', (typed, address) => {
  expect(settingsFor({ ACEQUIA_METRICS: typed }).metrics).toBe(address);
});

test.each([
  ['ACEQUIA_METRICS', '0'],
  ['ACEQUIA_METRICS', '70000'],
  ['ACEQUIA_METRICS', 'host.internal:9464'],
  ['ACEQUIA_METRICS', '127.0.0.256:9464'],
  ['ACEQUIA_METRICS', '127.0.0.1'],
  ['ACEQUIA_EVENTS', 'stdout'],
  ['ACEQUIA_EVENTS_MAX_MB', '0'],
  ['ACEQUIA_EVENTS_MAX_MB', '10MB'],
  ['ACEQUIA_EVENTS_KEPT', '-1'],
])('%s=%s is refused with what is expected', (name, value) => {
  expect(() => settingsFor({ [name]: value })).toThrow(new RegExp(`${name}: .*${value}.* expected`));
});
