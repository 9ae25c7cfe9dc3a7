/**
 * The time of the workflow: when its current task began, the same in every replay. Temporal's sandbox replaces `Date`
 * by it; this is the one file that lint lets use it.
 */
export function workflowTime(): Date {
  return new Date();
}

/** An instant (ISO) that lies so many seconds ahead of the time of the workflow. */
export function workflowTimeIn(seconds: number): string {
  return new Date(Date.now() + seconds * 1_000).toISOString();
}
