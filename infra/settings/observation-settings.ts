import { join } from 'node:path';
import { z } from 'zod';

/** Where the event log goes. */
export interface EventLogSettings {
  readonly console: boolean;
  readonly file?: {
    /** Absolute path. */
    readonly path: string;
    /** A file that would become larger is put aside, and another begun. */
    readonly maxBytes: number;
    /** How many that were put aside are kept. */
    readonly kept: number;
  };
}

const DESTINATIONS = ['file', 'console', 'both', 'off'] as const;
const MEGABYTE = 1024 * 1024;

/** `from` to `to`, both included. */
function wholeNumber(from: number, to: number) {
  const fits = (value: string): boolean => /^\d{1,6}$/.test(value) && Number(value) >= from && Number(value) <= to;
  return z
    .string()
    .refine(fits, {
      error: ({ input }) => `"${String(input)}" does not fit; a number from ${from} to ${to} is expected`,
    })
    .transform(Number);
}

/** The settings that say what can be watched of a worker, and where. */
export const observationSettings = z.object({
  ACEQUIA_EVENTS: z
    .enum(DESTINATIONS, {
      error: ({ input }) => `"${String(input)}" means nothing; ${DESTINATIONS.join(', ')} is expected`,
    })
    .optional(),
  ACEQUIA_EVENTS_FILE: z.string().optional(),
  ACEQUIA_EVENTS_MAX_MB: wholeNumber(1, 10_000).optional(),
  ACEQUIA_EVENTS_KEPT: wholeNumber(0, 1_000).optional(),
  ACEQUIA_METRICS: z.string().transform(metricsAddress).optional(),
});

type Settings = z.infer<typeof observationSettings>;

/**
 * @param folder of the environment
 * @param absolute makes a path absolute
 */
export function eventLogSettings(
  settings: Settings,
  folder: string,
  absolute: (path: string | undefined) => string | undefined,
): EventLogSettings {
  const chosen = settings.ACEQUIA_EVENTS ?? 'file';
  const console = chosen === 'console' || chosen === 'both';
  if (chosen === 'console' || chosen === 'off') return { console };
  return {
    console,
    file: {
      path: absolute(settings.ACEQUIA_EVENTS_FILE) ?? join(folder, 'logs', 'events.jsonl'),
      maxBytes: (settings.ACEQUIA_EVENTS_MAX_MB ?? 10) * MEGABYTE,
      kept: settings.ACEQUIA_EVENTS_KEPT ?? 5,
    },
  };
}

/** A port alone is one of the loopback interface. The SDK wants the address as numbers. */
function metricsAddress(value: string, context: z.RefinementCtx): string {
  const [, host = '127.0.0.1', port = ''] =
    /^(?:(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:]+\]|localhost):)?(\d{1,5})$/.exec(value) ?? [];
  const sound = Number(port) >= 1 && Number(port) <= 65_535 && host.split('.').every((part) => !(Number(part) > 255));
  if (sound) return `${host === 'localhost' ? '127.0.0.1' : host}:${port}`;
  context.addIssue(`"${value}" is no address; a port, or an IP address and a port such as 127.0.0.1:9464, is expected`);
  return z.NEVER;
}
