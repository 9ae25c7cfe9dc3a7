import { closest } from './closest.ts';
import { parseDuration } from './duration.ts';

/**
 * Parts of the lake that a retention may be given for.
 * - `staging`: what is made on the way, from the landed bytes: staged rows, models' tables, check reports.
 * - `landing`: the bytes of source files as they came.
 * - `quarantine`: the rows that did not fit.
 */
export const RETAINED_PARTS = ['landing', 'quarantine', 'staging'] as const;

export type RetainedPart = (typeof RETAINED_PARTS)[number];

/** For how long what a run has left behind is kept after its end, as durations (`'90d'`). A part that is left out is kept for ever. */
export type Retention = Readonly<Partial<Record<RetainedPart, string>>>;

/** Nothing younger is ever removed: a run that has just ended may have its receipt still to be written. */
export const LEAST_RETENTION_MS = 86_400_000;

/**
 * Reads `staging=7d,landing=90d`.
 *
 * @returns the retention, or what is wrong with the text in one sentence
 */
export function parseRetention(text: string): { readonly retention: Retention } | { readonly problem: string } {
  const retention: Partial<Record<RetainedPart, string>> = {};
  for (const entry of text.split(',').map((part) => part.trim())) {
    const [name = '', duration, ...more] = entry.split('=').map((word) => word.trim());
    const part = RETAINED_PARTS.find((known) => known === name);
    if (duration === undefined || more.length > 0) return { problem: `"${entry}" is not written part=duration` };
    if (!part) return { problem: `there is no part "${name}"; there are ${listed}.${closest(name, RETAINED_PARTS)}` };
    if (retention[part] !== undefined) return { problem: `${part} is given twice` };
    const problem = durationProblem(duration);
    if (problem) return { problem: `${part}: ${problem}` };
    retention[part] = duration;
  }
  return { retention };
}

/** What is wrong with the time a part is kept, in a few words; nothing where it is right. */
export function durationProblem(duration: string): string | undefined {
  const ms = parseDuration(duration);
  if (ms === undefined) return `"${duration}" is no duration; one such as 12w, 90d or 1y is expected`;
  return ms < LEAST_RETENTION_MS ? `"${duration}" is less than a day, and nothing younger is removed` : undefined;
}

const listed = `${RETAINED_PARTS.slice(0, -1).join(', ')} and ${RETAINED_PARTS[RETAINED_PARTS.length - 1] ?? ''}`;
