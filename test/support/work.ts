import type { Progress, Work } from '../../activities/progress.ts';

/** The surroundings of a stage without Temporal: keeps what was reported. */
export function quietWork(signal: AbortSignal = new AbortController().signal): Work & { readonly reports: Progress[] } {
  const reports: Progress[] = [];
  return { signal, reports, report: (progress) => void reports.push(progress) };
}
