import type { WorkflowHandle } from '@temporalio/client';
import type { Progress } from '../../activities/progress.ts';
import type { StageProgress } from '../../workflows/progress.ts';

/** An activity under way: what its heartbeats say, and why it had to begin again. */
export interface ActivityInFlight {
  /** The same as its stage's in `stages`. */
  readonly activityId: string;
  /** From 1. */
  readonly attempt: number;
  readonly lastFailure?: string;
  readonly progress?: Progress;
}

/** A run at one moment. */
export interface RunSnapshot {
  readonly pipeline: string;
  readonly open: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly stages: readonly StageProgress[];
  readonly activities: readonly ActivityInFlight[];
}

/** A worker under load answers late; a run without one never does. */
const QUERY_TIMEOUT_MS = 2_000;
/** A run that has just ended may answer no more; nobody should wait for the last line of its screen. */
export const LAST_QUERY_TIMEOUT_MS = 200;

/**
 * Asks the server and the workflow. Where no worker answers, `before`'s stages stand.
 * @throws what the connection throws when the server is gone
 */
export async function readSnapshot(
  handle: WorkflowHandle,
  pipeline: string,
  before?: RunSnapshot,
  queryTimeoutMs = QUERY_TIMEOUT_MS,
): Promise<RunSnapshot> {
  const client = handle.client;
  const [description, stages] = await Promise.all([
    handle.describe(),
    client
      .withDeadline(Date.now() + queryTimeoutMs, () => handle.query<StageProgress[]>('progress'))
      .catch(() => before?.stages ?? []),
  ]);
  return {
    pipeline,
    open: description.status.name === 'RUNNING',
    startedAt: description.startTime.getTime(),
    stages,
    activities: (description.raw.pendingActivities ?? []).map(decodeActivity),
  };
}

interface RawActivity {
  readonly activityId?: string | null;
  readonly attempt?: number | null;
  readonly lastFailure?: RawFailure | null;
  readonly heartbeatDetails?: { readonly payloads?: readonly { readonly data?: Uint8Array | null }[] | null } | null;
}

interface RawFailure {
  readonly message?: string | null;
  readonly cause?: RawFailure | null;
}

export function decodeActivity(raw: RawActivity): ActivityInFlight {
  const progress = decodeProgress(raw.heartbeatDetails?.payloads?.[0]?.data);
  const failure = innermost(raw.lastFailure);
  return {
    activityId: raw.activityId ?? '',
    attempt: raw.attempt ?? 1,
    ...(failure ? { lastFailure: inOneLine(failure) } : {}),
    ...(progress ? { progress } : {}),
  };
}

/** What went wrong and why, of an error in four parts. */
function inOneLine(failure: string): string {
  const [what = failure] = failure.split('\n');
  const why = /^ *why: *(.*)$/m.exec(failure)?.[1];
  return why ? `${what} ${why}` : what;
}

function innermost(failure: RawFailure | null | undefined): string | undefined {
  if (!failure) return undefined;
  return innermost(failure.cause) ?? failure.message ?? undefined;
}

function decodeProgress(data: Uint8Array | null | undefined): Progress | undefined {
  if (!data) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(data));
    return typeof value === 'object' && value !== null && 'step' in value ? (value as Progress) : undefined;
  } catch {
    return undefined;
  }
}
