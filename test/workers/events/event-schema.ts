import { z } from 'zod';

/** The schema of the event log, as `docs/events.md` describes it: nothing else may be in a line. */
const attempt = {
  time: z.iso.datetime({ precision: 3 }),
  environment: z.string(),
  pid: z.int().positive(),
  taskQueue: z.string(),
  workflow: z.string().nullable(),
  workflowId: z.string().nullable(),
  runId: z.string().nullable(),
  activity: z.string(),
  activityId: z.string(),
  attempt: z.int().positive(),
};

const ended = {
  durationMs: z.int().nonnegative(),
  rows: z.int().nonnegative().nullable(),
  bytes: z.int().nonnegative().nullable(),
};

const line = z.string().regex(/^[^\n]*$/);

export const eventSchema = z.discriminatedUnion('event', [
  z.strictObject({ event: z.literal('started'), ...attempt }),
  z.strictObject({ event: z.literal('completed'), ...attempt, ...ended }),
  z.strictObject({ event: z.literal('cancelled'), ...attempt, ...ended, reason: z.string() }),
  z.strictObject({
    event: z.literal('failed'),
    ...attempt,
    ...ended,
    failure: z.strictObject({
      type: z.string(),
      class: z.string(),
      message: line,
      where: z.string().nullable(),
      remedy: z.string().nullable(),
      retryable: z.boolean(),
      causes: z.array(z.strictObject({ class: z.string(), code: z.string().nullable(), message: line })),
    }),
  }),
]);
